"""Text augmentation: a version of a corpus with changed copies of its training documents.

Whatever changes the texts is a function: `easy_augmentation` here, translation and language models elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.data.corpus import Corpus
from workbench.data.names import check_name
from workbench.data.split import Split
from workbench.errors import WorkbenchError

Rewrite = Callable[[Sequence[str], Sequence[str], int], Sequence[str]]
"""From texts, their ids and the number of the copy (from 0) to changed texts, in the same order."""

BATCH = 64


@dataclass(frozen=True)
class Augmented:
    """A version with augmented documents.

    Attributes:
        corpus: the version; its augmented documents are the last of the training split.
        sources: (M,) the training document that each of them was made from.
        left_out: copies that came back empty or with the very words of their document.
    """

    corpus: Corpus
    sources: NDArray[np.int64]
    left_out: int


def version_name(corpus: str, way: str) -> str:
    """What a version is called unless it is said: demo-eda. Exhibits find versions by these names."""
    return f"{corpus}-{way}"


def augment(
    corpus: Corpus,
    rewrite: Rewrite,
    way: str,
    note: str,
    *,
    name: str = "",
    copies: int = 1,
    advance: Callable[[int], None] = lambda _: None,
) -> Augmented:
    """Add changed copies of the training documents; they have their documents' labels.

    The documents that were there, the validation and the test split stay as they are.

    Args:
        corpus: without generated documents.
        rewrite: changes texts; a copy that it gives back empty or with the same words is left out.
        way: how texts are changed, in a word such as "eda"; part of the copies' ids.
        note: how `rewrite` changes texts, for the card.
        name: of the version; `version_name` by default.
        copies: of each document.
        advance: told of every copy that was tried.

    Raises:
        WorkbenchError: a corpus that has generated documents, fewer copies than one, or no copy that differs.
    """
    check_augmentable(corpus, copies)
    version = name or version_name(corpus.name, way)
    check_name(version)
    found = list(_changed(corpus.train, rewrite, way, copies, advance))
    if not found:
        raise WorkbenchError(
            f"None of the {len(corpus.train):,} training documents of {corpus.name!r} came back changed "
            f"({note}). Nothing was written."
        )
    texts, ids, sources = (list(part) for part in zip(*found, strict=True))
    rows = np.array(sources, dtype=np.int64)
    made = f"{len(texts):,} augmented copies of training documents: {note}."
    enlarged = corpus.with_generated(version, texts, corpus.train.targets[rows], ids, made)
    return Augmented(enlarged, rows, copies * len(corpus.train) - len(texts))


def _changed(
    train: Split, rewrite: Rewrite, way: str, copies: int, advance: Callable[[int], None]
) -> Iterator[tuple[str, str, int]]:
    """(text, id, row of its document) of each copy whose words are not those of its document."""
    for start in range(0, len(train), BATCH):
        rows = range(start, min(start + BATCH, len(train)))
        originals, names = (list(part[start : rows.stop]) for part in (train.texts, train.ids))
        for copy in range(copies):
            changed = rewrite(originals, names, copy)
            for row, before, identity, after in zip(rows, originals, names, changed, strict=True):
                if after.split() and after.split() != before.split():
                    yield after, f"{identity}~{way}-{copy + 1}", row
            advance(len(rows))


def check_augmentable(corpus: Corpus, copies: int) -> None:
    """Refuse what cannot be augmented, before a model is loaded for it.

    Raises:
        WorkbenchError: a corpus that has generated documents, or fewer copies than one.
    """
    if copies < 1:
        raise WorkbenchError(f"{copies} copies of each document were asked for. Ask for one or more.")
    if corpus.train.n_generated:
        raise WorkbenchError(
            f"{corpus.name!r} has {corpus.train.n_generated:,} generated documents already. Augment "
            "the corpus that it was made from: copies of copies drift away from their labels."
        )
