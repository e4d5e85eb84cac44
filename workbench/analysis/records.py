"""Runs side by side in plain Python: one record a run, and mean and deviation of a metric over seeds.

The first page reads these: nothing is imported but the standard library. `comparison` makes tables of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import Any

from workbench.analysis.settings import MOST, flat, labels_of
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
        mean: over the seeds; a seed that several runs have counts once, with their mean.
        std: n - 1 in the denominator; NaN for one seed.
        n: how many seeds.
        values: run -> value.
    """

    method: str
    setting: str
    mean: float
    std: float
    n: int
    values: dict[str, float]


def run_records(runs: Iterable[Run], part: str = "test") -> list[dict[str, Any]]:
    """One record a run: what was trained on what, its cost, and every overall metric on documents of `part`.

    Keys: those of ABOUT and COST, then one a metric (NaN where it was not defined). `settings` is what sets a
    run's config apart from most runs of the same encoder on the same split: shortened, and never
    the same for different settings of a method; `setting` is method, encoder and settings in words.
    """
    chosen = list(runs)
    return [record | _overall(run, part) for record, run in zip(_named(chosen), chosen, strict=True)]


def setting_details(runs: Iterable[Run]) -> dict[str, str]:
    """Each setting of `run_records` with all that sets it apart, however much that is."""
    chosen = list(runs)
    short, full = ([record["setting"] for record in _named(chosen, most)] for most in (MOST, math.inf))
    return dict(zip(short, full, strict=True))


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
    settings: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for record in records:
        if not math.isnan(record.get(metric, math.nan)):
            settings.setdefault(tuple(record[key] for key in SETTING), []).append(record)
    return [_spread(alike, metric) for alike in settings.values()]


def _spread(alike: Sequence[dict[str, Any]], metric: str) -> Spread:
    by_seed: dict[Any, list[float]] = {}
    for record in alike:
        by_seed.setdefault(record["seed"], []).append(record[metric])
    seeds = [fmean(values) for values in by_seed.values()]
    std = stdev(seeds) if len(seeds) > 1 else math.nan
    values = {record["run"]: record[metric] for record in alike}
    return Spread(alike[0]["method"], alike[0]["setting"], fmean(seeds), std, len(seeds), values)


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
        "split_id": run.split_id,
        "seed": manifest.get("seed"),
        "started_at": run.begun or None,
    }
    cost = {
        "train_s": (manifest.get("durations_s") or {}).get("train"),
        "peak_memory_mb": manifest.get("peak_memory_mb"),
    }
    return about | cost


def _overall(run: Run, part: str) -> dict[str, float]:
    overall = run.metrics.get(part, {}).get("overall", {})
    return {name: math.nan if value is None else float(value) for name, value in overall.items()}


def _named(runs: Sequence[Run], most: float = MOST) -> list[dict[str, Any]]:
    """`run_records` without metrics; its settings take so many characters at most."""
    records = [_about(run) for run in runs]
    for record, said in zip(records, _settings(records, runs, most), strict=True):
        record["settings"] = said
        record["setting"] = " · ".join(filter(None, (record["method"], record["encoder"], said)))
    return records


def _settings(records: Sequence[dict[str, Any]], runs: Sequence[Run], most: float) -> list[str]:
    """For each run, what sets it apart from the runs of its encoder and split."""
    alike: dict[tuple[str, str], list[int]] = {}
    for row, record in enumerate(records):
        alike.setdefault((record["split_id"], record["encoder"]), []).append(row)
    said = [""] * len(runs)
    for rows in alike.values():
        configs = [
            flat(runs[row].manifest.get("config") or {}) | {"corpus": records[row]["corpus"]} for row in rows
        ]
        methods = [records[row]["method"] for row in rows]
        for row, label in zip(rows, labels_of(configs, methods, most=most), strict=True):
            said[row] = label
    return said
