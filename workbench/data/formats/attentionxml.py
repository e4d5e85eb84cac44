"""EUR-Lex and its like as released with AttentionXML: train_texts.txt, train_labels.txt and so on.

"AttentionXML: Label Tree-based Attention-Aware Deep Model for High-Performance Extreme Multi-Label Text
Classification" (You et al. 2019).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workbench.data.formats import Reader
from workbench.data.paired import Role, is_paired, read_pairs
from workbench.data.reading import Document, Reading


class AttentionXml(Reader):
    """train_texts.txt + train_labels.txt, test_texts.txt + test_labels.txt; raw texts are preferred."""

    name = "attentionxml"
    layout = "EUR-Lex as in AttentionXML: train_texts.txt (or train_raw_texts.txt), train_labels.txt, test_…"

    def detects(self, path: Path) -> float:
        """By the names of the files."""
        return 0.95 if is_paired(path, _role_in(path)) else 0.0

    def read(self, path: Path, reading: Reading) -> Iterator[Document]:
        """Stream the pairs of lines; labels are separated by blanks."""
        return read_pairs(path, _role_in(path), reading)


def _role_in(path: Path) -> Role:
    """Tells texts from labels; where a folder has raw texts, the tokenised ones are passed over."""
    has_raw = path.is_dir() and any("raw_texts" in file.name for file in path.rglob("*_texts*"))

    def role(file: Path) -> str | None:
        name = file.name.lower()
        if "_labels" in name:
            return "labels"
        return "texts" if "_texts" in name and ("raw_texts" in name or not has_raw) else None

    return role


READER = AttentionXml()
