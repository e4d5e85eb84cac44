"""What was asked for: the recipe of a run, kept in its run.json so that it can be resumed or repeated."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from workbench.assignments import check_seed
from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.methods.registry import find_method
from workbench.runs.naming import encoder_title, run_name
from workbench.training.settings import Settings, resolve

_PACKAGES = ("torch", "transformers", "lightning", "peft", "numpy", "scikit-learn", "mltc-workbench")


@dataclass(frozen=True)
class Recipe:
    """Method (or variant), corpus, encoder, seed and flat settings."""

    method: str
    corpus: str
    encoder: str
    frozen: bool
    seed: int
    settings: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        method: str,
        corpus: str | Path,
        encoder: str | None,
        frozen: bool,
        seed: int,
        settings: dict[str, Any],
    ) -> Recipe:
        """The recipe in what JSON can keep: NumPy's numbers become Python's, paths text.

        Without an encoder it names the one that the method chooses.

        Raises:
            WorkbenchError: when the seed is no whole number from 0 to 2^63 - 1; for an unknown method.
        """
        check_seed(seed)
        plain = {key: _plain(value) for key, value in settings.items()}
        chosen = encoder or find_method(method)[0].default_encoder
        return cls(method, str(corpus), chosen, frozen, int(seed), plain)

    def resolve(self) -> Settings:
        """The configs that this recipe stands for."""
        return resolve(self.method, self.encoder, self.frozen, self.settings)

    @property
    def encoder_title(self) -> str:
        """The encoder as it is called in tables."""
        return encoder_title(self.encoder, self.frozen)

    def as_json(self) -> dict[str, Any]:
        """As run.json keeps it."""
        described: dict[str, Any] = json.loads(json.dumps(asdict(self)))
        return described

    def run_name(self) -> str:
        """A name for the run's folder that says what it is."""
        return run_name(self.method, self.corpus, self.encoder, self.frozen, self.seed)


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray):
        return value.tolist()
    return str(value) if isinstance(value, Path) else value


def check_splits(corpus: Corpus, devices: int = 1) -> None:
    """Refuse a corpus that leaves nothing to train on, to choose epoch and threshold by, or to report.

    Raises:
        WorkbenchError: for an empty split, validation documents without any label, or fewer than devices.
    """
    for name, split in corpus.splits.items():
        if not len(split):
            raise WorkbenchError(
                f"The corpus {corpus.name!r} has no {name} document. Import it again, from more documents or "
                "from a folder with files called train, valid and test: "
                f"workbench data import FOLDER --name {corpus.name} --force"
            )
    if not corpus.valid.targets.nnz:
        raise WorkbenchError(
            f"No validation document of {corpus.name!r} has a label, so no epoch can be better than another. "
            "Import the corpus with labelled validation documents, or without any: some are then drawn."
        )
    if len(corpus.valid) < devices:
        raise WorkbenchError(
            f"The corpus {corpus.name!r} has {len(corpus.valid)} validation documents, fewer than the "
            f"devices that share them ({devices}). Say --set devices={len(corpus.valid)} or fewer, or import "
            "the corpus with more validation documents."
        )


def manifest(recipe: Recipe, settings: Settings, corpus: Corpus, device: Mapping[str, Any]) -> dict[str, Any]:
    """What run.json says of a run before its first step."""
    variant = settings.method.variant
    return {
        "method": variant or settings.method_class.name,
        "family": settings.method_class.name,
        "variant": variant,
        "title": settings.method_class.card.title,
        "summary": settings.method_class.variants.get(variant, settings.method_class.card.summary),
        "reads_generated": settings.method_class.reads_generated(variant),
        "recipe": recipe.as_json(),
        "config": {
            "method": settings.method.model_dump(mode="json"),
            "training": settings.training.model_dump(mode="json"),
            "encoder": settings.encoder_config.model_dump(mode="json"),
        },
        "encoder": recipe.encoder_title,
        "corpus": {
            "name": corpus.name,
            "title": corpus.card.title,
            "fingerprint": corpus.fingerprint,
            "split_id": corpus.split_id,
            "n_train": len(corpus.train),
            "n_generated": corpus.train.n_generated,
            "described": bool(corpus.descriptions),
            "n_valid": len(corpus.valid),
            "n_test": len(corpus.test),
            "n_labels": len(corpus.labels),
            "drawn_from": asdict(corpus.drawn_from) if corpus.drawn_from else None,
        },
        "seed": recipe.seed,
        "versions": {"python": platform.python_version(), **{name: version(name) for name in _PACKAGES}},
        "device": dict(device),
        "git_commit": git_commit(),
    }


def git_commit() -> str | None:
    """The commit of the checkout that workbench runs from, with a + when it was changed; None outside one."""
    here = Path(__file__).parent
    try:
        head = subprocess.run(
            ["git", "-C", here, "rev-parse", "HEAD"], capture_output=True, text=True, check=True, timeout=10
        ).stdout.strip()
        changed = subprocess.run(
            ["git", "-C", here, "status", "--porcelain", "--untracked-files=no"],
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        ).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return None
    return f"{head}+" if changed else head
