"""Runs side by side in plain Python: one record a run, and mean and deviation of a metric over seeds.

The first page reads these: nothing is imported but the standard library. `comparison` makes tables of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from workbench.analysis.settings import flat, labels_of
from workbench.runs.store import Run

SETTING = ("split_id", "method", "encoder", "settings", "setting")
"""What runs have in common that differ by their seed alone; `setting` says it in words."""

ABOUT = (
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
)
COST = ("train_s", "peak_memory_mb")


@dataclass(frozen=True)
class Spread:
    """One metric of the runs of one setting.

    Attributes:
        mean: over the runs.
        std: n - 1 in the denominator; NaN for one run.
        values: run -> value.
    """

    method: str
    setting: str
    mean: float
    std: float
    values: dict[str, float]


def run_records(runs: Iterable[Run], part: str = "test") -> list[dict[str, Any]]:
    """One record a run: what was trained on what, its cost, and every overall metric on documents of `part`.

    Keys: those of ABOUT and COST, then one a metric (NaN where it was not defined). `settings` is what sets a
    run's config apart from most runs of the same method and encoder on the same split: shortened, and never
    the same for different settings; `setting` is method, encoder and settings in words.
    """
    chosen = list(runs)
    records = [_about(run) for run in chosen]
    for record, said in zip(records, _settings(records, chosen), strict=True):
        record["settings"] = said
        record["setting"] = " · ".join(filter(None, (record["method"], record["encoder"], said)))
    return [record | _overall(run, part) for record, run in zip(records, chosen, strict=True)]


def metrics_of(records: Iterable[dict[str, Any]]) -> list[str]:
    """The metrics that any of the records has a value of, in the order of their first appearance."""
    measured = (
        name
        for record in records
        for name, value in record.items()
        if name not in ABOUT + COST and not math.isnan(value)
    )
    return list(dict.fromkeys(measured))


def spreads(records: Sequence[dict[str, Any]], metric: str) -> list[Spread]:
    """Mean and standard deviation over seeds, one a setting; runs without the metric are left out."""
    settings: dict[tuple[Any, ...], dict[str, float]] = {}
    for record in records:
        value = record.get(metric, math.nan)
        if not math.isnan(value):
            settings.setdefault(tuple(record[key] for key in SETTING), {})[record["run"]] = value
    return [_spread(dict(zip(SETTING, key, strict=True)), values) for key, values in settings.items()]


def _spread(about: dict[str, Any], values: dict[str, float]) -> Spread:
    numbers = list(values.values())
    std = stdev(numbers) if len(numbers) > 1 else math.nan
    return Spread(about["method"], about["setting"], fmean(numbers), std, values)


def _about(run: Run) -> dict[str, Any]:
    manifest = run.manifest
    corpus = manifest.get("corpus") or {}
    about = {
        "run": run.name,
        "status": run.status,
        "method": str(manifest.get("method", "?")),
        "encoder": str(manifest.get("encoder", "?")),
        "settings": "",
        "setting": "",
        "corpus": str(corpus.get("name", "?")),
        "split_id": str(corpus.get("split_id", "?")),
        "seed": manifest.get("seed"),
        "started_at": manifest.get("started_at"),
    }
    cost = {
        "train_s": (manifest.get("durations_s") or {}).get("train"),
        "peak_memory_mb": manifest.get("peak_memory_mb"),
    }
    return about | cost


def _overall(run: Run, part: str) -> dict[str, float]:
    overall = run.metrics.get(part, {}).get("overall", {})
    return {name: math.nan if value is None else float(value) for name, value in overall.items()}


def _settings(records: Sequence[dict[str, Any]], runs: Sequence[Run]) -> list[str]:
    """For each run, what sets it apart from the runs of its method, encoder and split."""
    alike: dict[tuple[str, ...], list[int]] = {}
    for row, record in enumerate(records):
        alike.setdefault(tuple(record[key] for key in SETTING[:3]), []).append(row)
    said = [""] * len(runs)
    for rows in alike.values():
        configs = [flat(runs[row].manifest.get("config") or {}) for row in rows]
        for row, label in zip(rows, labels_of(configs), strict=True):
            said[row] = label
    return said
