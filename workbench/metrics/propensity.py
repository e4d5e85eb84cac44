"""How likely a true label is to have been written down (Jain et al. 2016): rare ones are missed more."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import WorkbenchError
from workbench.metrics.indicator import as_indicator


def propensities(train_targets: Any, a: float = 0.55, b: float = 1.5) -> NDArray[np.float64]:
    """Propensity of each label from its frequency in training; a label never seen has the lowest.

    p_l = 1 / (1 + C (N_l + b)^-a) with C = (log N - 1)(b + 1)^a, from "Extreme Multi-label Loss Functions for
    Recommendation, Tagging, Ranking & Other Missing Label Applications" (Jain et al. 2016, Eq. 3). The
    defaults are the usual ones; the released code of LSFA has a = 0.6, b = 2.6.

    Shapes: train_targets (N, L) of 0 and 1, dense or sparse -> (L,) in (0, 1].

    Raises:
        WorkbenchError: for a < 0, b <= 0 or targets that are not a table of 0 and 1.
    """
    targets = as_indicator(train_targets, "train_targets")
    return propensities_from_counts(targets.label_counts(), targets.shape[0], a, b)


def propensities_from_counts(
    train_counts: ArrayLike, n_documents: int, a: float = 0.55, b: float = 1.5
) -> NDArray[np.float64]:
    """`propensities` where only the number of training documents of each label is at hand.

    With one or two training documents log N < 1, and the formula would leave (0, 1]: C is then taken as zero
    and every propensity is one.

    Shapes: train_counts (L,) -> (L,).
    """
    if n_documents < 1 or a < 0 or b <= 0:
        raise WorkbenchError(
            f"Propensities of {n_documents} training documents with a={a}, b={b}; "
            "expected at least one document, a >= 0 and b > 0."
        )
    counts = np.asarray(train_counts, dtype=np.float64)
    c = max(np.log(n_documents) - 1.0, 0.0) * (b + 1.0) ** a
    return 1.0 / (1.0 + c * (counts + b) ** -a)
