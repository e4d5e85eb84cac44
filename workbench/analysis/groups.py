"""Metrics of frequent, middling and rare labels apart: what an average over all labels hides."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import Any

import pandas as pd

from workbench.analysis.comparison import each_seed, run_table
from workbench.analysis.records import SETTING
from workbench.runs.store import Run

GROUPS = ("head", "mid", "tail", "unseen")
"""Label groups by training frequency, the most frequent first."""


def group_table(runs: Iterable[Run], metric: str = "macro_F1", part: str = "test") -> pd.DataFrame:
    """One row a run and label group, from the most frequent labels to those that training never shows.

    Columns: run, seed, split_id, method, encoder, settings, setting, group, labels (how many), value. Groups
    without labels or without the metric have no row.
    """
    chosen = list(runs)
    about = run_table(chosen, part)[["seed", *SETTING]].to_dict("index")
    rows: list[dict[Hashable, Any]] = []
    for run, setting in zip(chosen, about.values(), strict=True):
        groups = run.metrics.get(part, {}).get("groups", {})
        for group in GROUPS:
            value = groups.get(group, {}).get(metric)
            if value is not None:
                cell = {"group": group, "labels": groups[group].get("labels"), "value": float(value)}
                rows.append({"run": run.name} | setting | cell)
    return pd.DataFrame(rows, columns=["run", "seed", *SETTING, "group", "labels", "value"])


def group_metrics(runs: Iterable[Run], part: str = "test") -> list[str]:
    """The metrics that some run has by label group, in the order they were written."""
    groups = (group for run in runs for group in run.metrics.get(part, {}).get("groups", {}).values())
    names = (name for group in groups for name, value in group.items() if isinstance(value, float))
    return list(dict.fromkeys(names))  # whole numbers count labels and documents


def groups_over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over seeds, one row a setting and group, from a `group_table`.

    Columns: split_id, method, encoder, settings, setting, group, labels, mean, std (n - 1 in the denominator;
    NaN for one seed), n.
    """
    keys = [*SETTING, "group"]
    labels = table.groupby(keys, sort=False)["labels"].first()
    over = each_seed(table, keys).groupby(keys, sort=False)["value"].agg(mean="mean", std="std", n="count")
    return pd.concat([labels, over], axis=1).reset_index()
