"""Runs side by side: one row a run, and mean ± standard deviation over the seeds of one setting.

Numbers from different splits never share a row: every aggregate is within one split id.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from workbench.analysis.settings import flat, labels_of
from workbench.runs.store import Run

SETTING = ["split_id", "method", "encoder", "settings", "setting"]
"""What runs have in common that differ by their seed alone; `setting` says it in words."""

_ABOUT = [
    "run",
    "status",
    "method",
    "encoder",
    "settings",
    "setting",
    "corpus",
    "split_id",
    "seed",
    "started_at",
]
_COST = ["train_s", "peak_memory_mb"]


def run_table(runs: Iterable[Run], part: str = "test") -> pd.DataFrame:
    """One row a run: what was trained on what, its cost, and every overall metric on the documents of `part`.

    Columns: run, status, method, encoder, settings (what sets its config apart from most runs of the same
    method and encoder on the same split: shortened, and never the same for different settings), setting
    (method, encoder and settings in words), corpus, split_id, seed, started_at, train_s, peak_memory_mb,
    then one column a metric (NaN where a run has none).
    """
    chosen = list(runs)
    rows = [_about(run) | _overall(run, part) for run in chosen]
    table = pd.DataFrame(rows)
    table = table.reindex(columns=[*_ABOUT, *_COST, *(name for name in table if name not in _ABOUT + _COST)])
    table["settings"] = _settings(table, [flat(run.manifest.get("config") or {}) for run in chosen])
    table["setting"] = [
        " · ".join(filter(None, said))
        for said in zip(table["method"], table["encoder"], table["settings"], strict=True)
    ]
    return table


def metric_names(table: pd.DataFrame) -> list[str]:
    """The columns of a `run_table` that are metrics."""
    return [name for name in table.columns if name not in _ABOUT + _COST]


def metric_table(table: pd.DataFrame, metrics: Iterable[str]) -> pd.DataFrame:
    """One row a run and metric, from a `run_table`; a metric that a run lacks has no row.

    Columns: run, seed, split_id, method, encoder, settings, setting, metric, value.
    """
    keys = ["run", "seed", *SETTING]
    long = table.melt(id_vars=keys, value_vars=list(metrics), var_name="metric").dropna(subset=["value"])
    return long.astype({"value": "float64"}).reset_index(drop=True)


def over_seeds(table: pd.DataFrame, metrics: Iterable[str]) -> pd.DataFrame:
    """Mean and standard deviation over seeds, one row a setting and metric, from a `run_table`.

    Columns: split_id, method, encoder, settings, setting, metric, mean, std (n - 1 in the denominator; NaN
    for one run), n (runs that have the metric; settings with none are left out).
    """
    grouped = metric_table(table, metrics).groupby([*SETTING, "metric"], sort=False)["value"]
    return grouped.agg(mean="mean", std="std", n="count").reset_index()


def _about(run: Run) -> dict[str, Any]:
    manifest = run.manifest
    corpus = manifest.get("corpus") or {}
    return {
        "run": run.name,
        "status": run.status,
        "method": str(manifest.get("method", "?")),
        "encoder": str(manifest.get("encoder", "?")),
        "corpus": str(corpus.get("name", "?")),
        "split_id": str(corpus.get("split_id", "?")),
        "seed": manifest.get("seed"),
        "started_at": manifest.get("started_at"),
        "train_s": (manifest.get("durations_s") or {}).get("train"),
        "peak_memory_mb": manifest.get("peak_memory_mb"),
    }


def _overall(run: Run, part: str) -> dict[str, float]:
    overall = run.metrics.get(part, {}).get("overall", {})
    return {name: float("nan") if value is None else float(value) for name, value in overall.items()}


def _settings(table: pd.DataFrame, configs: list[dict[str, Any]]) -> list[str]:
    """For each run, what sets it apart from the runs of its method, encoder and split."""
    said = [""] * len(table)
    for rows in table.groupby(["split_id", "method", "encoder"], sort=False).indices.values():
        for row, label in zip(rows, labels_of([configs[row] for row in rows]), strict=True):
            said[row] = label
    return said
