"""Readers of raw data, one file each: a module here with a `READER` is a format, there is no list to edit."""

from __future__ import annotations

import importlib
import pkgutil
from abc import ABC, abstractmethod
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import ClassVar

from workbench.data.layout import data_files
from workbench.data.reading import Document, Reading
from workbench.errors import WorkbenchError, nearest


class Reader(ABC):
    """A format: how to know it and how to read it.

    Attributes:
        name: what `--format` calls it.
        layout: one line that says what the files look like.
    """

    name: ClassVar[str]
    layout: ClassVar[str]

    def recognises(self, file: Path) -> float:
        """How surely this one file is in this format, from 0 to 1; 0 where only a folder tells."""
        return 0.0

    def detects(self, path: Path) -> float:
        """How surely a file or a folder is in this format, from 0 to 1."""
        return max((self.recognises(file) for file in islice(data_files(path), 40)), default=0.0)

    @abstractmethod
    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the documents of a file or folder; what is wrong goes to reading.problems, never raised."""

    def label_names(self, path: Path, reading: Reading) -> dict[str, str]:
        """Names of labels that the format itself brings along, by code; empty where it has none."""
        return {}


@cache
def readers() -> dict[str, Reader]:
    """Every reader by its name."""
    modules = [
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    ]
    found = [module.READER for module in modules if hasattr(module, "READER")]
    return {reader.name: reader for reader in sorted(found, key=lambda reader: reader.name)}


def reader_for(path: Path, name: str | None = None) -> Reader:
    """The reader called `name`, or the one that recognises `path` best.

    Raises:
        WorkbenchError: an unknown name, a path that is not there, or data that no reader recognises.
    """
    known = readers()
    if name is not None and name not in known:
        listed = ", ".join(known)
        raise WorkbenchError(f"There is no format {name!r}.{nearest(name, known)} There are: {listed}.")
    if not path.exists() and not str(path).startswith("hub:") and name != "hub":
        raise WorkbenchError(f"{path} does not exist. Give the file or folder with the raw data.")
    if name is not None:
        return known[name]
    scores = {reader.name: reader.detects(path) for reader in known.values()}
    best = max(scores, key=lambda candidate: scores[candidate])
    if scores[best] <= 0:
        lines = "\n".join(f"  {reader.name:<14}{reader.layout}" for reader in known.values())
        raise WorkbenchError(
            f"{path}: no format is recognised. Name one with --format; these can be read:\n{lines}"
        )
    return known[best]
