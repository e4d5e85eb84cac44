"""Settings beside that of the first run, over seeds; and ranked against each other, over corpora."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from workbench.analysis.claims import paired_difference
from workbench.analysis.comparison import each_seed, metric_names, metric_table, over_seeds, run_table
from workbench.analysis.records import SETTING
from workbench.analysis.significance import RankComparison, compare_ranks
from workbench.metrics import higher_is_better
from workbench.runs.store import Run


def seed_differences(runs: Sequence[Run], metrics: Sequence[str]) -> pd.DataFrame:
    """Settings against that of their split's first run, paired by seed, where both have two seeds or more.

    A seed of several runs counts once, with their mean. Metrics that a run has not written are left out.

    Columns: split_id, setting, against, metric, n (seeds), value and reference (means over these seeds),
    difference, low and high (95 % interval of Student's t), p; see `claims.paired_difference`.
    """
    table = run_table(runs)
    written = [metric for metric in metrics if metric in metric_names(table)]
    values = each_seed(metric_table(table, written), [*SETTING, "metric"])
    rows = []
    for split_id, here in values.groupby("split_id", sort=False):
        first = table.loc[table["split_id"] == split_id, "setting"].iloc[0]
        for setting in here["setting"].unique():
            for metric in written if setting != first else ():
                rows += _seed_difference(here[here["metric"] == metric], str(setting), str(first), metric)
    columns = ["split_id", "setting", "against", "metric", "n", "value", "reference", "difference"]
    return pd.DataFrame(rows, columns=[*columns, "low", "high", "p"])


def ranks_over_corpora(runs: Sequence[Run], metrics: Sequence[str]) -> dict[str, RankComparison]:
    """For each metric the settings ranked on each split by their means over seeds, where this can be tested.

    Settings that some split has no run of are left out. Nothing is given for fewer than two splits or three
    settings that all of them have.
    """
    table = run_table(runs)
    written = [metric for metric in metrics if metric in metric_names(table)]
    found = {}
    for metric in written:
        values = settings_by_split(table, metric).dropna(axis="columns")
        if len(values) >= 2 and values.shape[1] >= 3:
            found[metric] = compare_ranks(values, higher=higher_is_better(metric))
    return found


def settings_by_split(table: pd.DataFrame, metric: str) -> pd.DataFrame:
    """Means over seeds of `metric` from a `run_table`: one row a split, one column a setting; NaN: none."""
    means = over_seeds(table, [metric])
    return means.pivot_table(index="split_id", columns="setting", values="mean", sort=False)


def _seed_difference(rows: pd.DataFrame, setting: str, first: str, metric: str) -> list[dict[str, Any]]:
    found = paired_difference(rows, {"setting": setting}, {"setting": first})
    if found.n < 2:
        return []
    paired = rows[rows["seed"].isin(found.seeds)].groupby("setting")["value"].mean()
    return [
        {
            "split_id": rows["split_id"].iloc[0],
            "setting": setting,
            "against": first,
            "metric": metric,
            "n": found.n,
            "value": paired[setting],
            "reference": paired[first],
            "difference": found.mean,
            "low": found.low,
            "high": found.high,
            "p": found.p,
        }
    ]
