"""Runs to take along: an archive without checkpoints, or plain tables."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd

from workbench.errors import WorkbenchError
from workbench.files import replacing
from workbench.runs.store import Run

FORMATS = ("zip", "tar.gz", "csv")


def export_run(run: Run, kind: str, target: str | Path) -> list[Path]:
    """Write `run` to `target`, a file for an archive or a folder for tables; returns the files written.

    Raises:
        WorkbenchError: for an unknown kind.
    """
    path = Path(target).expanduser()
    if kind == "zip":
        return [_export_zip(run, path)]
    if kind == "tar.gz":
        return [_export_tar(run, path)]
    if kind == "csv":
        return _export_csv(run, path)
    raise WorkbenchError(f"Unknown format {kind!r}: choose one of {', '.join(FORMATS)}.")


def _export_zip(run: Run, target: Path) -> Path:
    with replacing(target) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, name in _members(run):
            archive.write(path, name)
    return target


def _export_tar(run: Run, target: Path) -> Path:
    with replacing(target) as temporary, tarfile.open(temporary, "w:gz") as archive:
        for path, name in _members(run):
            archive.add(path, name)
    return target


def _members(run: Run) -> Iterator[tuple[Path, str]]:
    """Each file of the run but its checkpoints, and its name in an archive."""
    for path in run.files:
        yield path, f"{run.name}/{path.relative_to(run.path).as_posix()}"


def _export_csv(run: Run, folder: Path) -> list[Path]:
    written = []
    for name, table in _tables(run).items():
        path = folder / f"{name}.csv"
        with replacing(path) as temporary:
            table.to_csv(temporary, index=False)
        written.append(path)
    return written


def _tables(run: Run) -> dict[str, pd.DataFrame]:
    """Metrics (long), history, labels and predictions; only what the run has."""
    tables = {"metrics": metrics_table(run), "history": run.history}
    if run.status == "done":
        tables["labels"] = pd.DataFrame(run.metrics.get("test", {}).get("labels", []))
        tables["predictions"] = _readable_predictions(run)
    return {name: table for name, table in tables.items() if len(table)}


def metrics_table(run: Run) -> pd.DataFrame:
    """One row a metric: part ("valid" or "test"), group ("overall", "head" …), metric, value."""
    rows = []
    for part in ("valid", "test"):
        metrics = run.metrics.get(part, {})
        groups = {"overall": metrics.get("overall", {}), **metrics.get("groups", {})}
        rows += [
            {"part": part, "group": group, "metric": name, "value": value}
            for group, values in groups.items()
            for name, value in values.items()
        ]
    return pd.DataFrame(rows, columns=["part", "group", "metric", "value"])


def _readable_predictions(run: Run) -> pd.DataFrame:
    """Predictions with label codes instead of indices; several in one cell are a JSON list."""
    labels, table = run.labels, run.predictions
    return pd.DataFrame(
        {
            "id": table["id"],
            "gold_labels": [_json(labels[index] for index in row) for row in table["gold_labels"]],
            "top_labels": [_json(labels[index] for index in row) for row in table["top_labels"]],
            "top_scores": [_json(float(f"{score:.6g}") for score in row) for row in table["top_scores"]],
        }
    )


def _json(values: Iterable[str | float]) -> str:
    return json.dumps(list(values), ensure_ascii=False)
