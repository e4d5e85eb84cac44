"""How thoroughly an exhibit is made: `quick` for a processor and minutes, `full` for the paper's settings.

ProtoMix's paper names encoder sizes, ranges of learning rates and the number of seeds, but neither epochs nor
batch sizes: `full` takes rates from its ranges and lets early stopping on validation end each run.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Any

from workbench.errors import WorkbenchError, nearest

BUDGETS = {"quick": 1, "full": 5}
"""Budget -> number of seeds, unless it is said."""

_WORDS = {"embedding_size": 64, "max_length": 128}
_QUICK: dict[str, dict[str, Any]] = {
    "cnn": {"epochs": 12, "patience": 0, "learning_rate": 0.01, "filters": 128, "widths": [1, 2], **_WORDS},
    "bilstm": {"epochs": 6, "patience": 0, "units": 64, "layers": 1, **_WORDS},
    "words": {"epochs": 15, "patience": 0, "learning_rate": 0.01, **_WORDS},
    "pre-trained": {"epochs": 3, "patience": 0, "max_length": 128},
    "frozen": {"epochs": 20, "patience": 3},
    "tfidf": {},
    "small-bert": {"epochs": 5, "patience": 0, "max_length": 64},
}
QUICK_CNN = MappingProxyType(_QUICK["cnn"])
"""A small CNN that a laptop trains in seconds: the best in validation nDCG@5 of six, base, one seed."""

_UNTIL_NO_BETTER = {"epochs": 30, "patience": 5}
_FULL: dict[str, dict[str, Any]] = {
    "cnn": {
        **_UNTIL_NO_BETTER,
        "learning_rate": 5e-4,
        "filters": 256,
        "widths": [2, 4, 8],
        "embedding_size": 300,
    },
    "bilstm": {**_UNTIL_NO_BETTER, "learning_rate": 5e-4, "units": 512, "layers": 2, "embedding_size": 300},
    "words": {**_UNTIL_NO_BETTER, "learning_rate": 1e-3, "embedding_size": 300},
    "pre-trained": {**_UNTIL_NO_BETTER, "learning_rate": 5e-5},
    "frozen": {**_UNTIL_NO_BETTER},
    "tfidf": {},
}
_SETTINGS = {"quick": _QUICK, "full": _FULL, "": {}}


def check_budget(budget: str) -> None:
    """Refuse a budget that there is not.

    Raises:
        WorkbenchError: naming those there are.
    """
    if budget not in BUDGETS:
        raise WorkbenchError(
            f"There is no budget {budget!r}.{nearest(budget, BUDGETS)} Say quick (one seed, small models) "
            "or full (five seeds, the paper's sizes)."
        )


def budget_settings(budget: str, encoder: str, *, frozen: bool = False) -> dict[str, Any]:
    """The settings of a run with this encoder; none where the budget is ""."""
    by_kind = _SETTINGS[budget]
    kind = "frozen" if frozen else encoder
    return dict(by_kind.get(kind, by_kind.get("pre-trained", {})))
