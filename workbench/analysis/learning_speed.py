"""How fast runs learn: optimisation steps and seconds until a validation score is reached.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Figure 3.
"""

from __future__ import annotations

import pandas as pd

_COLUMNS = ["run", "best", "best_step", "best_s", "target", "target_step", "target_s"]


def scores_and_loss(curves: pd.DataFrame, metric: str) -> pd.DataFrame:
    """The rows of `history.learning_curves` that are `metric` on validation, or the loss in training."""
    is_score = (curves["term"] == metric) & (curves["phase"] == "valid")
    return curves[is_score | ((curves["term"] == "loss") & (curves["phase"] == "train"))]


def validation_metrics(curves: pd.DataFrame) -> list[str]:
    """The metrics that some run has on validation documents, in the order they were written."""
    rows = curves[(curves["kind"] == "metric") & (curves["phase"] == "valid")]
    return list(rows["term"].unique())


def convergence_table(curves: pd.DataFrame, metric: str) -> pd.DataFrame:
    """One row a run that has `metric`, the one that is at the target after the fewest steps first.

    The target is the best score of the run whose best is lowest: what all of them reach. Columns: run, best
    (score), best_step and best_s (the first step with it, and seconds since training began), target,
    target_step and target_s (the first time at or above it). Seconds are NaN where a run kept none.

    Args:
        curves: as `history.learning_curves` gives it.
        metric: higher is better, such as "micro_F1".
    """
    rows = curves[(curves["term"] == metric) & (curves["phase"] == "valid")]
    if rows.empty:
        return pd.DataFrame(columns=_COLUMNS)
    rows = rows.sort_values("step", kind="stable")
    target = rows.groupby("run", sort=False)["value"].max().min()
    table = pd.DataFrame(
        [
            {"run": run, "target": target}
            | _first(mine, mine["value"].max(), "best")
            | _first(mine, target, "target")
            | {"best": mine["value"].max()}
            for run, mine in rows.groupby("run", sort=False)
        ]
    )
    return table[_COLUMNS].sort_values("target_step", kind="stable", ignore_index=True)


def without_seconds(curves: pd.DataFrame) -> list[str]:
    """The runs that kept no wall-clock time."""
    kept = curves.groupby("run", sort=False)["wall_time_s"].count()
    return [str(run) for run, many in kept.items() if not many]


def _first(rows: pd.DataFrame, value: float, name: str) -> dict[str, float]:
    row = rows[rows["value"] >= value].iloc[0]
    return {f"{name}_step": float(row["step"]), f"{name}_s": float(row["wall_time_s"])}
