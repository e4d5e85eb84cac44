"""Runs side by side as tables: one row a run, and mean ± standard deviation over the seeds of one setting.

Numbers from different splits never share a row: every aggregate is within one split id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from workbench.analysis.records import ABOUT, COST, SETTING, run_records
from workbench.errors import WorkbenchError, require_known
from workbench.runs.store import Run

PARTS = ("test", "valid")
"""The documents that runs are measured on."""


def run_table(runs: Iterable[Run], part: str = "test") -> pd.DataFrame:
    """One row a run, as `records.run_records` has them; NaN where a run lacks a metric.

    Columns: run, status, method, encoder, settings, setting, corpus, split_id, seed, started_at, train_s
    (seconds), peak_memory_mb, then one column a metric.

    Args:
        runs: finished or not.
        part: "test" or "valid".

    Returns:
        As many rows as runs; metrics are fractions in [0, 1]. R@k is a mean over documents here; of a label
        group, as `plot_groups` draws it, it is the share of the group's gold (document, label) pairs.

    Raises:
        WorkbenchError: for another part.
    """
    if part not in PARTS:
        raise WorkbenchError(f"Runs are measured on {' and '.join(PARTS)}, not on {part!r}.")
    table = pd.DataFrame(run_records(runs, part))
    first = [*ABOUT, *COST]
    return table.reindex(columns=[*first, *(name for name in table if name not in first)])


def metric_names(table: pd.DataFrame) -> list[str]:
    """The columns of a `run_table` that are metrics."""
    return [name for name in table.columns if name not in ABOUT + COST]


def metric_table(table: pd.DataFrame, metrics: Iterable[str]) -> pd.DataFrame:
    """One row a run and metric, from a `run_table`; a metric that a run lacks has no row.

    Columns: run, seed, split_id, method, encoder, settings, setting, metric, value.

    Raises:
        WorkbenchError: for a metric that the table has no column of.
    """
    wanted = list(metrics)
    require_known(wanted, metric_names(table), "No run has the metric {}.")
    keys = ["run", "seed", *SETTING]
    long = table.melt(id_vars=keys, value_vars=wanted, var_name="metric").dropna(subset=["value"])
    return long.astype({"value": "float64"}).reset_index(drop=True)


def over_seeds(table: pd.DataFrame, metrics: Iterable[str]) -> pd.DataFrame:
    """Mean and standard deviation over seeds, one row a setting and metric, from a `run_table`.

    Columns: split_id, method, encoder, settings, setting, metric, mean, std (n - 1 in the denominator; NaN
    for one seed), n (seeds that have the metric; settings with none are left out).

    Args:
        table: as `run_table` gives it.
        metrics: names such as "nDCG@5".

    Returns:
        One row a setting and metric.

    Raises:
        WorkbenchError: for a metric that the table has no column of.
    """
    keys = [*SETTING, "metric"]
    grouped = each_seed(metric_table(table, metrics), keys).groupby(keys, sort=False)["value"]
    return grouped.agg(mean="mean", std="std", n="count").reset_index()


def each_seed(table: pd.DataFrame, keys: Sequence[str]) -> pd.DataFrame:
    """One row a seed and combination of `keys`: a seed of several runs counts once, with their mean."""
    return table.groupby([*keys, "seed"], sort=False, dropna=False)["value"].mean().reset_index()
