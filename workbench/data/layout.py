"""Which files of a folder hold data, and which split each belongs to, read from file and folder names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

from workbench.data.reading import Reading

SPLIT_WORDS = {
    "train": "train", "training": "train", "trn": "train",
    "valid": "valid", "validation": "valid", "val": "valid", "dev": "valid", "development": "valid",
    "test": "test", "testing": "test", "tst": "test", "eval": "test",
}  # fmt: skip
COMPANIONS = ("labels", "label_names", "label_codes", "labels_extra", "label_to_index", "eurovoc_concepts")


def split_of(name: str) -> str | None:
    """The split that a file or folder name speaks of ('dev.jsonl.gz' -> 'valid'), or None."""
    words = re.split(r"[^a-z]+", name.lower())
    return next((SPLIT_WORDS[word] for word in words if word in SPLIT_WORDS), None)


def data_files(path: Path) -> Iterator[Path]:
    """The file itself, or each file below the folder in a fixed order, without hidden ones and companions."""
    if path.is_file():
        yield path
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for file in (Path(folder, name) for name in sorted(files)):
            if not file.name.startswith(".") and not is_companion(file) and file.is_file():
                yield file


def is_companion(file: Path) -> bool:
    """Whether a file describes the labels rather than holding documents."""
    return file.name.lower().split(".")[0] in COMPANIONS or file.name.lower().startswith("readme")


def split_files(
    path: Path, accepts: Callable[[Path], bool], reading: Reading
) -> list[tuple[str | None, Path]]:
    """The files to read with their splits; all None where the data is not divided.

    A split is named by the file, else by the nearest folder inside `path`. Next to files that name one, a
    file that does not is left out with a warning.
    """
    files = [file for file in data_files(path) if accepts(file)]
    if path.is_file():
        return [(None, path)]
    named = [(_split_inside(path, file), file) for file in files]
    if not any(split for split, _ in named):
        return named
    for split, file in named:
        if split is None:
            message = "The name says neither train, valid (dev) nor test; the file is left out."
            reading.problems.warn("unknown split", file, None, message, "Rename it or move it away.")
    return [(split, file) for split, file in named if split is not None]


def _split_inside(folder: Path, file: Path) -> str | None:
    parts = file.relative_to(folder).parts
    return next((split for part in reversed(parts) if (split := split_of(part))), None)
