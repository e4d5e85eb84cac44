"""Writing a run: every file appears whole or not at all, and DONE comes last."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from workbench.errors import WorkbenchError
from workbench.files import replacing, write_json, write_text
from workbench.runs.layout import SCHEMA, Layout, checked_name
from workbench.runs.predictions import prediction_table
from workbench.runs.process import refuse_in_training, this_process
from workbench.runs.reading import read_manifest
from workbench.runs.store import Run

if TYPE_CHECKING:
    from scipy import sparse


class RunWriter:
    """Fills one run's folder while training goes on; readers may look at it at any time."""

    def __init__(self, path: Path, manifest: dict[str, Any]) -> None:
        self.path = path
        self._layout = Layout(path)
        self._manifest = manifest

    @classmethod
    def create(cls, runs_dir: str | Path, name: str, manifest: dict[str, Any]) -> RunWriter:
        """Begin the run `name` in `runs_dir`; its folder appears together with a complete run.json.

        Raises:
            WorkbenchError: when the name is taken or would lie outside `runs_dir`.

        """
        folder = Path(runs_dir).expanduser()
        path = folder / checked_name(name)
        folder.mkdir(parents=True, exist_ok=True)
        full = {
            "schema": SCHEMA,
            "name": name,
            "status": "running",
            "started_at": _now(),
            **manifest,
            "process": this_process(),
        }
        staging = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder))
        try:
            staging.chmod(0o755)
            write_json(Layout(staging).manifest, full)
            _claim(staging, path)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        return cls(path, full)

    @classmethod
    def reopen(cls, path: str | Path) -> RunWriter:
        """Go on with a run that was stopped or failed.

        Raises:
            WorkbenchError: when there is no run, it is finished, or another process is at it.

        """
        folder = Path(path).expanduser()
        manifest = read_manifest(folder)
        if Layout(folder).done.exists():
            raise WorkbenchError(
                f"{folder} is finished: there is nothing to resume. Train again under another name."
            )
        refuse_in_training(folder, manifest)
        writer = cls(folder, manifest)
        writer.update(status="running", reason=None, process=this_process())
        return writer

    @property
    def model_dir(self) -> Path:
        """The folder for weights and tokenizer, made when first asked for."""
        return _made(self._layout.model)

    def epoch_file(self, number: int) -> Path:
        """Where the weights after `number` epochs go; 0 is before the first."""
        return self._layout.epoch(number)

    @property
    def checkpoints_dir(self) -> Path:
        """The folder for what resuming needs, made when first asked for."""
        return _made(self._layout.checkpoints)

    def update(self, **fields: Any) -> None:
        """Merge `fields` into run.json; a dictionary is merged key by key into the one that is there."""
        for key, new in fields.items():
            old = self._manifest.get(key)
            both = isinstance(old, dict) and isinstance(new, dict)
            self._manifest[key] = old | new if both else new
        write_json(self._layout.manifest, self._manifest)

    def write_labels(
        self, labels: Sequence[str], label_texts: Sequence[str], train_counts: Sequence[int]
    ) -> None:
        """Keep the label codes, their texts and their numbers of training documents, each of length L."""
        if not len(labels) == len(label_texts) == len(train_counts):
            raise WorkbenchError(
                f"{len(labels)} labels, {len(label_texts)} label texts and {len(train_counts)} counts: "
                "the three must be as many."
            )
        counts = [int(count) for count in train_counts]
        value = {"labels": list(labels), "label_texts": list(label_texts), "train_counts": counts}
        write_json(self._layout.labels, value)

    def write_history(self, history: pd.DataFrame) -> None:
        """Keep the learning curves so far, one row a step or epoch, in place of the ones before."""
        with replacing(self._layout.history) as temporary:
            history.to_parquet(temporary, index=False)

    def write_progress(self, progress: Mapping[str, Any]) -> None:
        """Say how far training is; in place of what was said before."""
        write_json(self._layout.progress, dict(progress))

    def write_metrics(self, metrics: dict[str, Any]) -> None:
        """Keep the final metrics, `{"valid": …, "test": …}`, each as `metrics.evaluate` gives it."""
        write_json(self._layout.metrics, metrics)

    def write_predictions(
        self,
        ids: Sequence[str],
        scores: np.ndarray,
        targets: sparse.csr_array,
        predicted: np.ndarray | None = None,
        *,
        top_k: int = 20,
    ) -> None:
        """Keep the test documents' scores (N, L) and a table of each one's `top_k` labels and gold labels.

        Also of the sets `predicted` (N, L) of 0 and 1, where the method says them.

        Raises:
            WorkbenchError: when ids, scores and targets do not describe the same documents and labels.

        """
        if scores.shape != targets.shape or len(ids) != scores.shape[0]:
            raise WorkbenchError(
                f"{len(ids)} ids, scores {scores.shape} and targets {targets.shape}: "
                "expected N of the first and (N, L) of the others."
            )
        table = prediction_table(ids, scores, targets, top_k, predicted)
        with replacing(self._layout.scores) as temporary:
            _save(temporary, scores.astype(np.float32, copy=False))
        with replacing(self._layout.predictions) as temporary:
            pq.write_table(table, temporary)

    def write_array(self, name: str, array: np.ndarray) -> None:
        """Keep an array, such as `label_embeddings` (L, H), to be read with `Run.array(name)`."""
        write_array(self._layout, name, array)

    def finish(self, **fields: Any) -> None:
        """Mark the run as done: run.json first, DONE last."""
        finished_at = _now()
        self._layout.progress.unlink(missing_ok=True)
        self.update(**{"finished_at": finished_at, **fields, "status": "done", "process": None})
        write_text(self._layout.done, finished_at + "\n")

    def stop(self, status: Literal["stopped", "failed"], reason: str) -> None:
        """Say that training ended early and why; what was written so far stays readable."""
        self.update(status=status, reason=reason, finished_at=_now(), process=None)


def write_array(layout: Layout, name: str, array: np.ndarray) -> None:
    """Write the array `name` of a run, atomically; Python objects are refused."""
    if array.dtype.hasobject:
        raise WorkbenchError(f"Array {name!r} holds Python objects: only numbers are kept.")
    with replacing(layout.array(name)) as temporary:
        _save(temporary, array)


def write_probe(run: str | Path, name: str, report: dict[str, Any], arrays: Mapping[str, np.ndarray]) -> None:
    """Keep what a probe found in the finished run at `run`: its arrays, then `probes/<name>.json`.

    The report is taken away first and comes back last: arrays of two probings never pass for one.
    """
    layout = Layout(Path(run).expanduser())
    layout.probe(name).unlink(missing_ok=True)
    for array_name, array in arrays.items():
        write_array(layout, array_name, array)
    write_json(layout.probe(name), report)


def _save(path: Path, array: np.ndarray) -> None:
    with path.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def require_free(runs_dir: str | Path, name: str) -> None:
    """Raise WorkbenchError when a run has this name, or none can have it."""
    path = Path(runs_dir).expanduser() / checked_name(name)
    if path.exists():
        raise WorkbenchError(f"There is a run {path.name!r} in {path.parent} already: {_what_to_do(path)}")


def _claim(staging: Path, path: Path) -> None:
    """Give the finished folder its name; a folder that is already there wins."""
    require_free(path.parent, path.name)
    try:
        staging.rename(path)
    except OSError:
        require_free(path.parent, path.name)  # another process was quicker
        raise


def _what_to_do(path: Path) -> str:
    """What to do instead of training under a name that is taken."""
    instead = f"choose another name, or remove it with: workbench runs rm {path.name}"
    try:
        status = Run.load(path).status
    except WorkbenchError:
        return instead
    if status == "running":
        return "it is running; choose another name."
    if status == "stopped":
        return f"it was stopped, go on with: workbench train --resume {path.name}\nOr {instead}"
    return f"it is {status}; {instead}"


def _now() -> str:
    """This moment, to the microsecond: of runs begun within one second the newest is still known."""
    return datetime.now(UTC).isoformat(timespec="microseconds")
