"""The runs behind judged claims: what is kept of each, what they have in common, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from workbench.analysis.claims import matching
from workbench.analysis.measurements import shared_settings
from workbench.analysis.sharpness import EIGENVALUE
from workbench.exhibits.claim_family import PaperClaims
from workbench.exhibits.claim_report import GROUP
from workbench.runs.store import Run


def missing_runs(measured: pd.DataFrame, claims: PaperClaims) -> list[str]:
    """The settings of which a seed that other runs have is not there, a line each."""
    lines, seeds = [], set(measured["seed"])
    for (corpus, encoder), here in measured.groupby(GROUP, sort=False):
        for setting in claims.needed:
            lacking = sorted(seeds - set(matching(here, setting)["seed"]))
            if lacking:
                what = ", ".join(f"{column} {value}" for column, value in setting.items())
                lines.append(f"no run yet: {corpus}, {encoder}, {what}, {_seeds(lacking)}")
    return lines


def missing_landscapes(measured: pd.DataFrame) -> list[str]:
    """The command that computes what sharpness lacks, if it lacks anything."""
    whole = measured[(measured["percent"] == 100) & (measured["prototype"] != "average")]
    there = set(whole.loc[whole["measure"] == EIGENVALUE, "run"])
    names = [name for name in whole["run"].unique() if name not in there]
    return [f"no landscape yet: workbench probe landscape {' '.join(names)}"] if names else []


def run_records(runs: Sequence[Run], measured: pd.DataFrame, claims: PaperClaims) -> list[dict[str, Any]]:
    """What is kept of each run: what it is, its numbers, what it cost, where and from which commit."""
    kept = measured[measured["measure"].isin(claims.kept)]
    named = kept["measure"] + np.where(kept["part"] == "", "", ": " + kept["part"])
    values = {
        name: part.set_index("named")["value"].to_dict()
        for name, part in kept.assign(named=named).groupby("run")
    }
    about = measured.drop_duplicates("run").drop(columns=["part", "measure", "value"]).set_index("run")
    found: list[dict[str, Any]] = []
    for run in runs:
        known = run.manifest
        found.append(
            {
                "run": run.name,
                **json.loads(about.loc[run.name].to_json()),
                "n_train": known["corpus"]["n_train"],
                "split_id": known["corpus"]["split_id"],
                "best_epoch": known["best"]["epoch"],
                f"valid {claims.metric}": run.metrics["valid"]["overall"][claims.metric],
                "measured": values.get(run.name, {}),
                "train_s": known["durations_s"]["train"],
                "peak_memory_mb": known.get("peak_memory_mb"),
                "machine": known["device"].get("name"),
                "git_commit": known.get("git_commit"),
            }
        )
    return found


def group_records(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """What the runs of each corpus and encoder have in common, and where they were made."""
    of: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        of.setdefault((run.manifest["corpus"]["name"], run.manifest["encoder"]), []).append(run)
    found: list[dict[str, Any]] = []
    for (corpus, encoder), members in of.items():
        manifests = [run.manifest for run in members]
        largest = max(manifests, key=lambda known: known["corpus"]["n_train"])["corpus"]
        landscapes = [report for run in members if (report := run.probe("landscape"))]
        found.append(
            {
                "corpus": corpus,
                "title": largest.get("title"),
                "encoder": encoder,
                "runs": len(members),
                "seeds": sorted({known["seed"] for known in manifests}),
                "n_train": largest["n_train"],
                "drawn_from": largest.get("drawn_from"),
                "n_test": largest["n_test"],
                "settings": _without_folders(shared_settings(members)),
                "landscapes": landscapes[0]["settings"] if landscapes else None,
                "devices": _distinct(known.get("device") for known in manifests),
                "versions": _distinct(known.get("versions") for known in manifests),
                "git_commits": _distinct(known.get("git_commit") for known in manifests),
            }
        )
    return found


def _seeds(seeds: Sequence[int]) -> str:
    return ("seeds " if len(seeds) > 1 else "seed ") + ", ".join(map(str, seeds))


def _distinct(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if value not in found:
            found.append(value)
    return found


def _without_folders(settings: dict[str, Any]) -> dict[str, Any]:
    """The same settings with paths of this machine cut down to their last part."""
    return {
        key: Path(value).name if isinstance(value, str) and value.startswith("/") else value
        for key, value in settings.items()
    }
