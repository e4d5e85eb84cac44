"""Reading runs: `Run.load`, `list_runs`; `writer.RunWriter` is the other side.

Nothing here is a pickle, arrays are memory-mapped, and a folder that cannot be read says which file and why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from workbench.errors import WorkbenchError, nearest
from workbench.files import refuse_link
from workbench.runs.layout import Layout, checked_name, is_name
from workbench.runs.process import is_gone
from workbench.runs.reading import damaged, read_array, read_json, read_manifest, read_parquet, read_shapes

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

Status = Literal["done", "running", "stopped", "failed"]


@dataclass(frozen=True)
class BrokenRun:
    """A folder among the runs that cannot be read, and why."""

    path: Path
    reason: str

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name


@dataclass(frozen=True, eq=False)
class Run:
    """A trained (or still training) run; its parts are read when first asked for."""

    path: Path
    manifest: Mapping[str, Any]
    status: Status

    @classmethod
    def load(cls, path: str | Path) -> Run:
        """Open the run in the folder `path`; one that is not finished has only what was written so far.

        Raises:
            WorkbenchError: when the folder is no run, is damaged, or was written by a newer workbench.

        """
        folder = Path(path).expanduser().absolute()
        layout, manifest = Layout(folder), read_manifest(folder)
        status = _status(manifest, finished=layout.done.exists())
        if status == "done":
            for needed in (layout.metrics, layout.history, layout.labels):
                if not needed.exists():
                    raise damaged(needed, "it is missing though the run is marked as done")
        return cls(folder, manifest, status)

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.path.name

    @property
    def reason(self) -> str | None:
        """Why the run stopped or failed, where it is known."""
        if self.status == "stopped" and self.manifest["status"] != "stopped":
            return "its process ended before the run was done"
        return self.manifest.get("reason")

    @property
    def begun(self) -> str:
        """The moment it began, in ISO 8601 and UTC, so that later ones sort behind; empty where unknown."""
        return str(self.manifest.get("started_at") or "")

    def require_done(self, what: str) -> None:
        """Go on with a finished run alone; `what` is said of those, such as "predicts".

        Raises:
            WorkbenchError: when it is not done, with what to do.

        """
        if self.status == "done":
            return
        remedy = f"Finish it with: workbench train --resume {self.name}"
        if self.status == "running":
            remedy = "Wait until it is done."
        raise WorkbenchError(f"Run {self.name!r} is {self.status}: only a finished run {what}. {remedy}")

    @cached_property
    def metrics(self) -> dict[str, Any]:
        """Final metrics, `{"valid": …, "test": …}`; empty while the run is not done."""
        return read_json(self._layout.metrics) if self._is_there(self._layout.metrics) else {}

    @cached_property
    def history(self) -> pd.DataFrame:
        """Learning curves, one row a step or epoch; empty before the first."""
        if self._is_there(self._layout.history):
            return read_parquet(self._layout.history)
        import pandas as pd

        return pd.DataFrame()

    @property
    def progress(self) -> dict[str, Any]:
        """How far training is, as `training.progress.WrittenProgress` says it; empty when not known."""
        return read_json(self._layout.progress) if self._layout.progress.exists() else {}

    @cached_property
    def predictions(self) -> pd.DataFrame:
        """One row a test document: `id`, `top_labels`, `top_scores` (best first), `gold_labels` (indices)."""
        return read_parquet(self._layout.predictions)

    @cached_property
    def scores(self) -> np.ndarray:
        """Scores (N, L) of the test documents, float32, read-only and memory-mapped."""
        return read_array(self._layout.scores)

    def array(self, name: str) -> np.ndarray:
        """The array kept under `name`, such as `label_embeddings` (L, H); read-only and memory-mapped.

        Raises:
            WorkbenchError: when there is no such array (naming those there are), or its file is damaged.

        """
        path = self._layout.array(name)
        if not path.exists():
            known = ", ".join(self.array_names) or "none"
            raise WorkbenchError(
                f"Run {self.name!r} ({self.status}) has no array {name!r}.{nearest(name, self.array_names)} "
                f"Arrays here: {known}. {_how_made(name, self.name)}"
            )
        return read_array(path)

    @property
    def array_names(self) -> list[str]:
        """The names that `array` knows, sorted."""
        return sorted(path.stem for path in self._layout.arrays.glob("[!.]*.npy"))

    def probe(self, name: str) -> dict[str, Any] | None:
        """What the probe `name` did, such as "landscape"; None where it has not been run.

        Raises:
            WorkbenchError: when its file is damaged.

        """
        path = self._layout.probe(name)
        again = f"Make it again with: workbench probe {name} {self.name} --force"
        return read_json(path, again) if path.exists() else None

    @property
    def epoch_files(self) -> list[Path]:
        """The weights before training and after each epoch, in order; none unless `keep_epochs` was set."""
        found = self._layout.epochs.glob("epoch-*.safetensors")
        return sorted(found, key=lambda path: (len(path.name), path.name))

    @property
    def split_id(self) -> str:
        """The split whose test documents it was tested on, also where it was trained on a part of it."""
        corpus = self.manifest.get("corpus") or {}
        return str((corpus.get("drawn_from") or corpus).get("split_id", "?"))

    @property
    def labels(self) -> list[str]:
        """Label codes, in the order of the columns of `scores`."""
        return list(self._labels["labels"])

    @property
    def label_texts(self) -> list[str]:
        """What each label is called by people."""
        return list(self._labels["label_texts"])

    @property
    def train_counts(self) -> np.ndarray:
        """Number of training documents of each label, without generated ones, (L,) int64."""
        import numpy as np

        return np.asarray(self._labels["train_counts"], dtype=np.int64)

    @property
    def n_train(self) -> int:
        """Training documents without generated ones, those that `train_counts` are of; 0 if not recorded."""
        corpus = self.manifest.get("corpus") or {}
        return int(corpus.get("n_train") or 0) - int(corpus.get("n_generated") or 0)

    @property
    def has_model(self) -> bool:
        """Whether its weights are there."""
        return self._layout.weights.exists()

    @property
    def model_dir(self) -> Path:
        """The folder with weights and tokenizer."""
        return self._layout.model

    @property
    def weight_shapes(self) -> dict[str, tuple[int, ...]]:
        """The name and shape of each tensor of the model, from the head of their file; none without one."""
        return read_shapes(self._layout.weights)

    @property
    def changed_ns(self) -> int:
        """When a file of the run was last replaced, in nanoseconds: what a cache of its contents goes by."""
        return max(path.stat().st_mtime_ns for path in (self.path, *self.path.glob("[!.]*")))

    @property
    def files(self) -> list[Path]:
        """Every file of the run but its checkpoints."""
        return self._layout.files()

    @cached_property
    def _labels(self) -> dict[str, Any]:
        return read_json(self._layout.labels)

    @property
    def _layout(self) -> Layout:
        return Layout(self.path)

    def _is_there(self, path: Path) -> bool:
        """Whether to read `path`: always for a finished run, so that a missing file is an error there."""
        return self.status == "done" or path.exists()


def list_runs(runs_dir: str | Path) -> list[Run | BrokenRun]:
    """All runs in `runs_dir`, the newest first; damaged ones come last with their reason and never raise."""
    folder = Path(runs_dir).expanduser()
    if not folder.is_dir():
        return []
    folders = sorted(path for path in folder.iterdir() if path.is_dir() and not path.name.startswith("."))
    runs = [_load_or_broken(path) for path in folders]
    good = [run for run in runs if isinstance(run, Run)]
    good.sort(key=lambda run: run.begun, reverse=True)
    return [*good, *(run for run in runs if isinstance(run, BrokenRun))]


def find_run(runs_dir: str | Path, name_or_path: str | Path) -> Path:
    """The folder of a run given by its name in `runs_dir` or by a path to it.

    Raises:
        WorkbenchError: when neither is there, naming the runs that are; for a name that is a link.

    """
    folder, sought = Path(runs_dir).expanduser(), str(name_or_path)
    if is_name(sought) and (folder / sought).is_dir():
        refuse_link(folder / sought)
        return folder / sought
    path = Path(sought).expanduser()
    if sought and path.is_dir() and path.resolve() != folder.resolve():
        return path
    known = [run.name for run in list_runs(folder)]
    more = f" and {len(known) - 8} more" if len(known) > 8 else ""
    there = f"Runs there: {', '.join(known[:8])}{more}."
    if not known:
        there = "There are none yet: train one with `workbench demo`."
    raise WorkbenchError(f"No run {sought!r} in {folder}.{nearest(sought, known)} {there}")


def _how_made(array: str, run: str) -> str:
    if array.startswith("landscape_"):
        return f"It is made by: workbench probe landscape {run}"
    if array.startswith("trajectory_"):
        return f"It is made by: workbench probe landscape {run} --plane path"
    if array.startswith("heads_"):
        return f"It is made by: workbench probe heads {run}"
    if array.startswith("training_vectors"):
        return f"It is made by: workbench probe training-vectors {run}"
    if array.startswith("stage_"):
        return (
            f"Those of the start are made by: workbench probe geometry {run}\n"
            "Those between stages need training with --set keep_stages=true."
        )
    return "Arrays are written when training is done, those that the method has: train it again."


def _load_or_broken(path: Path) -> Run | BrokenRun:
    try:
        refuse_link(path)
        checked_name(path.name)
        return Run.load(path)
    except WorkbenchError as error:
        return BrokenRun(path, str(error))


def _status(manifest: dict[str, Any], *, finished: bool) -> Status:
    if finished:
        return "done"
    said = manifest["status"]
    if said == "done" or (said == "running" and is_gone(manifest.get("process"))):
        return "stopped"
    return said
