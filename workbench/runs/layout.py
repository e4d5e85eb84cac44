"""The file names inside a run's folder, known here alone, and the names allowed for runs and arrays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import WorkbenchError

SCHEMA = 1
"""The version of the layout that this workbench writes; it reads this one and refuses newer ones."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]{0,119}")


@dataclass(frozen=True)
class Layout:
    """Where each part of the run in `root` is kept."""

    root: Path

    @property
    def manifest(self) -> Path:
        """What was trained, on what, with which settings, and how it went."""
        return self.root / "run.json"

    @property
    def done(self) -> Path:
        """Written last: a run without it is not finished."""
        return self.root / "DONE"

    @property
    def labels(self) -> Path:
        """Label codes, their texts and how often each occurs in the training set."""
        return self.root / "labels.json"

    @property
    def history(self) -> Path:
        """One row a step or epoch: loss terms, metrics, wall time."""
        return self.root / "history.parquet"

    @property
    def progress(self) -> Path:
        """How far training is; gone when the run is done."""
        return self.root / "progress.json"

    @property
    def metrics(self) -> Path:
        """Final metrics on the validation and test documents."""
        return self.root / "metrics.json"

    @property
    def predictions(self) -> Path:
        """Best labels, their scores and the gold labels of each test document."""
        return self.root / "predictions.parquet"

    @property
    def scores(self) -> Path:
        """Scores of all labels of each test document."""
        return self.root / "scores.npy"

    @property
    def arrays(self) -> Path:
        """Label embeddings, document embeddings and other arrays, one file each."""
        return self.root / "arrays"

    @property
    def model(self) -> Path:
        """Weights, tokenizer and config: enough to load without the corpus."""
        return self.root / "model"

    @property
    def weights(self) -> Path:
        """The weights of the model, but those that are reloaded from their source."""
        return self.model / "model.safetensors"

    @property
    def epochs(self) -> Path:
        """The weights after each epoch, where training was told to keep them."""
        return self.model / "epochs"

    @property
    def probes(self) -> Path:
        """What each probe did, one file each; the arrays it made are among the others."""
        return self.root / "probes"

    @property
    def checkpoints(self) -> Path:
        """What resuming needs and looking never does."""
        return self.root / "checkpoints"

    def array(self, name: str) -> Path:
        """The file of the array `name`; a name that leaves the folder is refused."""
        return self.arrays / f"{checked_name(name, 'an array')}.npy"

    def probe(self, name: str) -> Path:
        """The file that says what the probe `name` did; a name that leaves the folder is refused."""
        return self.probes / f"{checked_name(name, 'a probe')}.json"

    def epoch(self, number: int) -> Path:
        """The file of the weights after `number` epochs; 0 is before the first."""
        return self.epochs / f"epoch-{number:03d}.safetensors"

    def files(self) -> list[Path]:
        """Every file of the run but checkpoints and half-written ones, sorted."""
        return sorted(
            path
            for path in self.root.rglob("*")
            if path.is_file()
            and not path.is_symlink()
            and self.checkpoints not in path.parents
            and not path.name.startswith(".")
        )


def is_name(name: str) -> bool:
    """Whether a run can be called so: it means something directly inside the folder it is used in."""
    return _NAME.fullmatch(name) is not None


def checked_name(name: str, what: str = "a run") -> str:
    """`name` itself, if it can only mean something directly inside the folder it is used in.

    Raises:
        WorkbenchError: for an empty name, path separators, a leading dot, or characters that shells and other
            systems trip over.

    """
    if is_name(name):
        return name
    raise WorkbenchError(
        f"{name!r} cannot name {what}: use letters, digits, '.', '_', '+' and '-', "
        "beginning with a letter or digit, at most 120 characters."
    )
