"""How fast runs come to be good: a validation metric after each epoch, over steps and seconds.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Figure 3, which has micro-F1 over steps. Seconds are what a reader waits for: they include scoring validation
documents, and are comparable on one machine alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from workbench.analysis.history import learning_curves
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

COLUMNS = ["epoch", "step", "wall_time_s", "value"]
SHARE = 0.9
"""Of its best value a run has come near it with this share."""


@dataclass(frozen=True)
class Convergence:
    """How a run came to its best value of a validation metric.

    Attributes:
        best: its highest value.
        mean: over all epochs, so that of two runs that end alike the quicker one has more.
        epoch: the first (from 1) after which it had `SHARE` of its best.
        step: the same in optimiser steps.
        wall_time_s: the same in seconds of training.
    """

    best: float
    mean: float
    epoch: int
    step: int
    wall_time_s: float


def validation_curve(run: Run, metric: str = "micro_F1") -> pd.DataFrame:
    """One row an epoch, in their order: columns `COLUMNS`; epochs are counted from 1.

    Raises:
        WorkbenchError: when the history cannot be read, or has no such metric.
    """
    table = learning_curves({run.name: run.history})
    rows = table[(table["phase"] == "valid") & (table["term"] == metric)]
    if rows.empty:
        raise WorkbenchError(f"its history has no {metric} on validation documents: train it anew.")
    return rows[COLUMNS].sort_values("step", kind="stable", ignore_index=True)


def convergence(curve: pd.DataFrame) -> Convergence:
    """What a `validation_curve` says of its run."""
    value = curve["value"]
    near = curve[value >= SHARE * value.max()].iloc[0]
    return Convergence(
        float(value.max()),
        float(value.mean()),
        int(near["epoch"]),
        int(near["step"]),
        float(near["wall_time_s"]),
    )
