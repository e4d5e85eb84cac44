"""What may stand for a word: its nearest neighbours among word vectors, where there is no dictionary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from workbench.data.counted_vectors import count_words, counted_vectors
from workbench.data.word_vectors import read_vectors
from workbench.data.written_words import STOP_WORDS
from workbench.errors import WorkbenchError

NEIGHBOURS = 5
LEAST_COSINE = 0.5
_BLOCK = 1024


def synonyms_of(
    texts: Sequence[str], vectors: Path | None = None, advance: Callable[[int], None] = lambda _: None
) -> dict[str, list[str]]:
    """For words of `texts`: up to `NEIGHBOURS` others of them with near vectors, the nearest first.

    Neighbours are words that are used alike. Most are related, not all are synonyms: vectors cannot tell
    "increase" from "decrease". Stop words and words with digits or signs in them neither have nor are
    synonyms, and words that the texts hardly have are nobody's.

    Args:
        texts: those of the training split; nothing else may be looked at.
        vectors: a file in GloVe's or word2vec's text format; by default vectors are counted from `texts`.
        advance: told of every text, twice where vectors are counted.

    Raises:
        WorkbenchError: a file that cannot be read, or that has none of the words.
    """
    words = count_words(texts, advance=advance)
    if vectors is None:
        return near_words(words, counted_vectors(texts, words, advance))
    found = read_vectors(vectors, set(words))
    if not found:
        raise WorkbenchError(
            f"{vectors} has none of the {len(words):,} words of the training texts. Give vectors of words in "
            "small letters, of the corpus's language."
        )
    known = [word for word in words if word in found]
    return near_words(known, np.stack([found[word] for word in known]))


def near_words(words: Sequence[str], vectors: NDArray[np.floating]) -> dict[str, list[str]]:
    """The `NEIGHBOURS` nearest of `words` by the cosine of their vectors (V, E), at least `LEAST_COSINE`."""
    rows = [row for row, word in enumerate(words) if word.isalpha() and word not in STOP_WORDS]
    chosen = vectors[rows].astype(np.float32)
    norms = np.linalg.norm(chosen, axis=1, keepdims=True)
    unit = np.divide(chosen, norms, out=np.zeros_like(chosen), where=norms > 0)
    found: dict[str, list[str]] = {}
    for start in range(0, len(rows), _BLOCK):
        cosines = unit[start : start + _BLOCK] @ unit.T
        cosines[np.arange(len(cosines)), np.arange(start, start + len(cosines))] = -1.0  # not the word itself
        for row, nearest in enumerate(_highest(cosines)):
            near = [words[rows[other]] for other in nearest if cosines[row, other] >= LEAST_COSINE]
            if near:
                found[words[rows[start + row]]] = near
    return found


def _highest(cosines: NDArray[np.float32]) -> NDArray[np.int64]:
    """Columns of the `NEIGHBOURS` highest of each row (N, V), the highest first."""
    count = min(NEIGHBOURS, cosines.shape[1])
    top = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(cosines, top, axis=1), axis=1, kind="stable")
    return np.take_along_axis(top, order, axis=1)
