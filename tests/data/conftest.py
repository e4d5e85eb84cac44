from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from workbench.data.corpus import Corpus, Split, make_corpus
from workbench.data.formats import reader_for
from workbench.data.reading import Document, Reading, ReadOptions

LABELS = ("cs.AI", "cs.LG", "math-ph", "rare")


@pytest.fixture
def read() -> Callable[..., tuple[list[Document], Reading]]:
    """Reads a path with the reader that recognises it, and gives the documents and the reading."""

    def run(path: Path, format_name: str | None = None, **options: Any) -> tuple[list[Document], Reading]:
        reading = Reading(ReadOptions(**options))
        return list(reader_for(path, format_name).read(path, reading)), reading

    return run


@pytest.fixture
def write_jsonl() -> Callable[[Path, Sequence[Any]], Path]:
    """Writes records as JSON lines; strings are written as they are."""

    def write(path: Path, records: Sequence[Any]) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [record if isinstance(record, str) else json.dumps(record) for record in records]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


@pytest.fixture
def make_split() -> Callable[..., Split]:
    """A split of random documents over four labels."""

    def make(name: str, n: int, seed: int = 0) -> Split:
        targets = np.random.default_rng(seed).random((n, len(LABELS))) < (0.6, 0.4, 0.3, 0.1)
        texts = [f"{name} text {row} with “signs” {row % 7}" for row in range(n)]
        ids = [f"{name}-{row}" for row in range(n)]
        return Split(texts, sparse.csr_array(targets.astype(np.uint8)), ids)

    return make


@pytest.fixture
def corpus(make_split: Callable[..., Split]) -> Corpus:
    """Sixty training, ten validation and fifteen test documents over four labels."""
    return make_corpus(
        "small", make_split("train", 60), make_split("valid", 10), make_split("test", 15), LABELS
    )
