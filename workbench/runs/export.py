"""Runs to take along: an archive without checkpoints, or plain tables."""

from __future__ import annotations

import json
import tarfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pandas as pd

from workbench.errors import WorkbenchError
from workbench.files import replacing, write_text
from workbench.plain_text import csv_text
from workbench.runs.store import Run

ARCHIVES = (".zip", ".tar.gz")


def export_archive(runs: Sequence[Run], target: str | Path) -> Path:
    """Write runs as an archive, a folder each; `add_runs` brings them into another workspace.

    Args:
        runs: one or more, each of another name; checkpoints stay behind.
        target: the file to write, .zip or .tar.gz; one that is there is replaced.

    Returns:
        The path of the archive.

    Raises:
        WorkbenchError: for another ending, or two runs of one name.
    """
    path = Path(target).expanduser()
    _require_names(runs)
    if not path.name.endswith(ARCHIVES):
        raise WorkbenchError(f"{path.name!r} is no archive's name: it ends in {' or '.join(ARCHIVES)}.")
    if path.suffix == ".zip":
        with replacing(path) as temporary, zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED) as zipped:
            for file, name in _members(runs):
                zipped.write(file, name)
    else:
        with replacing(path) as temporary, tarfile.open(temporary, "w:gz") as tarred:
            for file, name in _members(runs):
                tarred.add(file, name)
    return path


def export_csv(runs: Sequence[Run], folder: str | Path) -> list[Path]:
    """Write the tables of `runs` as CSV to `folder`/<run>/, for spreadsheets (`plain_text.csv_text`).

    They are metrics, history, labels and predictions; labels go by their codes, in labels.csv by their names
    too.

    Returns:
        The files written.

    Raises:
        WorkbenchError: for two runs of one name.
    """
    _require_names(runs)
    written = []
    for run in runs:
        for name, table in _tables(run).items():
            path = Path(folder).expanduser() / run.name / f"{name}.csv"
            write_text(path, csv_text(table))
            written.append(path)
    return written


def _require_names(runs: Sequence[Run]) -> None:
    names = [run.name for run in runs]
    if len(set(names)) < len(names):
        raise WorkbenchError(f"Two of these runs have one name: {', '.join(names)}. Give each once.")


def _members(runs: Sequence[Run]) -> Iterator[tuple[Path, str]]:
    """Each file of the runs but checkpoints, and its name in an archive."""
    for run in runs:
        for path in run.files:
            yield path, f"{run.name}/{path.relative_to(run.path).as_posix()}"


def _tables(run: Run) -> dict[str, pd.DataFrame]:
    """Metrics (long), history, labels and predictions; only what the run has."""
    tables = {"metrics": metrics_table(run), "history": run.history}
    if run.status == "done":
        tables["labels"] = _named_labels(run)
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


def _named_labels(run: Run) -> pd.DataFrame:
    """The table of labels of `metrics.report`, led by each label's code and its name for people."""
    table = pd.DataFrame(run.metrics.get("test", {}).get("labels", []))
    if table.empty:
        return table
    codes = [run.labels[index] for index in table["index"]]
    texts = [run.label_texts[index] for index in table["index"]]
    return pd.concat([pd.DataFrame({"label": codes, "label_text": texts}), table], axis=1)


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
