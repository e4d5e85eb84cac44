"""AAPD as its authors released it: text_train, label_train and so on, line by line.

"SGM: Sequence Generation Model for Multi-label Classification" (Yang et al. 2018).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.data.formats import Reader
from workbench.data.paired import is_paired, read_pairs
from workbench.data.reading import Document, Reading


class Aapd(Reader):
    """text_train + label_train, text_val + label_val, text_test + label_test."""

    name = "aapd"
    layout = "AAPD as released: text_train, label_train, text_val, label_val, text_test, label_test"

    def detects(self, path: Path) -> float:
        """By the names of the files."""
        return 0.95 if is_paired(path, _role) else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the pairs of lines; labels are separated by blanks."""
        return read_pairs(path, _role, reading)


def _role(file: Path) -> str | None:
    name = file.name.lower()
    if name.startswith("text_"):
        return "texts"
    return "labels" if name.startswith("label_") else None


READER = Aapd()
