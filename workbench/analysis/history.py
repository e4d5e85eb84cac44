"""Learning curves: every loss term and metric over training, as one tidy table."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

_KEYS = ["stage", "epoch", "step", "phase", "wall_time_s"]
COLUMNS = ["run", *_KEYS, "kind", "term", "value"]


def learning_curves(histories: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """One row a measured value, from the histories of several runs.

    Columns: run, stage, epoch (the first is 1), step (counted on over the stages), phase ("train" or
    "valid"), wall_time_s, kind ("loss", "metric" or "learning rate"), term (such as "loss/prototype"), value.
    Values that were not measured have no row.
    """
    parts = [_tidy(run, history) for run, history in histories.items() if len(history)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    return pd.concat(parts, ignore_index=True)


def _tidy(run: str, history: pd.DataFrame) -> pd.DataFrame:
    whole = history.reindex(columns=[*_KEYS, *(name for name in history if name not in _KEYS)])
    whole["step"] = _steps_over_stages(whole)
    whole["epoch"] += 1
    long = whole.melt(id_vars=_KEYS, var_name="term", value_name="value").dropna(subset=["value"])
    long = long.assign(run=run, kind=long["term"].map(_kind), value=long["value"].astype("float64"))
    return long[COLUMNS].sort_values(["kind", "term", "phase", "step"], kind="stable", ignore_index=True)


def _steps_over_stages(history: pd.DataFrame) -> pd.Series:
    """Steps that go on from one stage to the next, also where each stage counts from its own beginning."""
    steps = history["step"].astype("float64")
    reached = 0.0
    for stage in history["stage"].unique():
        rows = history["stage"] == stage
        first = steps[rows].min()
        if first < reached:
            steps = steps.mask(rows, steps + reached)
        reached = max(reached, steps[rows].max())
    return steps


def _kind(term: str) -> str:
    if term == "learning_rate":
        return "learning rate"
    return "loss" if term == "loss" or term.startswith("loss/") else "metric"
