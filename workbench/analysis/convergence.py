"""How fast runs learn: a validation metric over epochs, optimiser steps and seconds.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Figure 3, which has micro-F1 over steps. Seconds are what a reader waits for: they include scoring validation
documents, and are comparable on one machine alone.

A run is told alone (`convergence`, near its own best) and beside others (`convergence_table`, at a score that
all of them reach). Both read learning curves as `history.learning_curves` makes them.
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
_COMPARED = ["run", "best", "best_step", "best_s", "target", "target_step", "target_s"]


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
    rows = _validated(learning_curves({run.name: run.history}), metric)
    if rows.empty:
        raise WorkbenchError(f"its history has no {metric} on validation documents: train it anew.")
    return rows[COLUMNS].reset_index(drop=True)


def solved_at_once(curves: pd.DataFrame) -> list[str]:
    """The runs among these learning curves that have one step alone, as linear models do."""
    last = curves.groupby("run", sort=False)["step"].max()
    return [str(run) for run in last.index[last <= 1]]


def convergence(curve: pd.DataFrame) -> Convergence:
    """What a `validation_curve` says of its run."""
    value = curve["value"]
    near = _first_at(curve, SHARE * value.max())
    return Convergence(
        float(value.max()),
        float(value.mean()),
        int(near["epoch"]),
        int(near["step"]),
        float(near["wall_time_s"]),
    )


def convergence_table(curves: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row a run that has `metric`, the one that is at the target after the fewest steps first.

    The target is the best score of the run whose best is lowest: what all of them reach. Columns: run, best
    (score), best_step and best_s (the first step with it, and seconds since training began), target,
    target_step and target_s (the first time at or above it). Seconds are NaN where a run kept none.

    Args:
        curves: as `history.learning_curves` gives it.
        metric: higher is better, such as "micro_F1".
    """
    rows = _validated(curves, metric)
    if rows.empty:
        return pd.DataFrame(columns=_COMPARED)
    each = rows.groupby("run", sort=False)
    target = each["value"].max().min()
    table = pd.DataFrame([_compared(str(run), curve, target) for run, curve in each], columns=_COMPARED)
    return table.sort_values("target_step", kind="stable", ignore_index=True)


def validation_metrics(curves: pd.DataFrame) -> list[str]:
    """The metrics that some run has on validation documents, in the order they were written."""
    rows = curves[(curves["kind"] == "metric") & (curves["phase"] == "valid")]
    return list(rows["term"].unique())


def scores_and_loss(curves: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The rows of `history.learning_curves` that are `metric` on validation, or the loss in training."""
    is_loss = (curves["term"] == "loss") & (curves["phase"] == "train")
    return curves[_is_validated(curves, metric) | is_loss]


def without_seconds(curves: pd.DataFrame) -> list[str]:
    """The runs that kept no wall-clock time."""
    kept = curves.groupby("run", sort=False)["wall_time_s"].count()
    return [str(run) for run, many in kept.items() if not many]


def _is_validated(curves: pd.DataFrame, metric: str) -> pd.Series:
    return (curves["term"] == metric) & (curves["phase"] == "valid")


def _validated(curves: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The rows that are `metric` on validation documents, in the order of their steps."""
    return curves[_is_validated(curves, metric)].sort_values("step", kind="stable")


def _first_at(curve: pd.DataFrame, value: float) -> pd.Series:
    """The first row of one run's curve that is at `value` or above."""
    return curve[curve["value"] >= value].iloc[0]


def _compared(run: str, curve: pd.DataFrame, target: float) -> tuple[str | float, ...]:
    """A row of `convergence_table`."""
    best = curve["value"].max()
    at_best, at_target = (
        (float(row["step"]), float(row["wall_time_s"]))
        for row in (_first_at(curve, best), _first_at(curve, target))
    )
    return run, best, *at_best, target, *at_target
