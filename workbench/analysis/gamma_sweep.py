"""What the share of each head in CL-MIL's final scores does, without training again.

Source: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity
Information", section 3.3.3 and Figure 5: final scores are gamma of the fine-grained head's probabilities and
1 - gamma of the coarse-grained head's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.heads import head_gold, head_scores
from workbench.errors import WorkbenchError
from workbench.metrics import choose_threshold, confusion, threshold_scores
from workbench.runs.store import Run

FINE, COARSE = "fil", "cil"
"""The heads that gamma and 1 - gamma weigh."""
GAMMAS = tuple(step / 10 for step in range(11))
METRICS = ("micro_precision", "micro_recall", "micro_F1")


@dataclass(frozen=True, eq=False)
class TwoHeads:
    """Probabilities of both heads for some documents, fine and coarse (N, L), and gold labels (N, L)."""

    fine: np.ndarray
    coarse: np.ndarray
    gold: Any

    def mixed(self, gamma: float) -> NDArray[np.float32]:
        """The final scores (N, L).

        Raises:
            WorkbenchError: for a gamma outside 0 to 1.
        """
        if not 0 <= gamma <= 1:
            raise WorkbenchError(f"gamma is {gamma:g}; expected a share from 0 to 1.")
        mixed = gamma * np.asarray(self.fine, dtype=np.float64) + (1 - gamma) * np.asarray(
            self.coarse, dtype=np.float64
        )
        return mixed.astype(np.float32)


def gamma_table(
    valid: TwoHeads, test: TwoHeads, gammas: Sequence[float] = GAMMAS, threshold: str = "tuned"
) -> pd.DataFrame:
    """One row a gamma: gamma, threshold, then `METRICS` on the test documents.

    The threshold is chosen for each gamma anew on validation documents, as runs choose theirs; where there is
    one for each label, the column has their mean.

    Args:
        valid: of the validation documents.
        test: of the test documents.
        gammas: shares of the fine-grained head.
        threshold: "fixed", "tuned" or "per_label", as the setting of training.

    Raises:
        WorkbenchError: for a gamma outside 0 to 1, or scores and gold that do not fit together.
    """
    rows = []
    for gamma in gammas:
        limit = choose_threshold(threshold, valid.mixed(gamma), valid.gold)
        found = confusion(threshold_scores(test.mixed(gamma), limit), test.gold).micro()
        rows.append((float(gamma), float(np.mean(limit)), *found))
    return pd.DataFrame(rows, columns=["gamma", "threshold", *METRICS], dtype="float64")


def run_gamma_table(run: Run, gammas: Sequence[float] = GAMMAS) -> pd.DataFrame:
    """The same of a run whose heads `workbench probe heads` has kept, with its own kind of threshold.

    Raises:
        WorkbenchError: when the run was not probed, its arrays are damaged, or it has not these two heads.
    """
    kind = (run.manifest.get("config") or {}).get("training", {}).get("threshold", "tuned")
    return gamma_table(_read(run, "valid"), _read(run, "test"), gammas, str(kind))


def _read(run: Run, split: str) -> TwoHeads:
    scores, gold = head_scores(run, split), head_gold(run, split)
    if not {FINE, COARSE} <= scores.keys():
        raise WorkbenchError(
            f"{run.name} has the heads {', '.join(scores) or 'of none'}; gamma weighs {FINE} and {COARSE}. "
            "Take a run of cl-mil, mil, cl-dil or dil."
        )
    for head in (FINE, COARSE):
        if scores[head].shape != gold.shape:
            raise WorkbenchError(
                f"The scores of {run.name}'s head {head} have shape {scores[head].shape}; expected "
                f"{gold.shape}. Make them again with: workbench probe heads {run.name} --force"
            )
    return TwoHeads(scores[FINE], scores[COARSE], gold)
