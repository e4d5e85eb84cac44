"""Word vectors counted from texts.

How much more often two words stand near each other than by chance (PPMI) is factorized, as in "Improving
Distributional Similarity with Lessons Learned from Word Embeddings" (Levy, Goldberg and Dagan, 2015). That
needs nothing but scikit-learn, has no learning rate or epochs to choose, gives the same vectors each time,
and is near to what skip-gram with negative sampling learns ("Neural Word Embedding as Implicit Matrix
Factorization", Levy and Goldberg, 2014). The window is narrow: words are then alike when they can stand in
each other's place; with a wide one they are when they stand in the same documents ("traffic",
"congestion").
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.data.written_words import core

DIMENSIONS = 100
WINDOW = 2
MIN_COUNT = 5
MOST_WORDS = 20_000
SMOOTHING = 0.75
"""Exponent of how often a context occurs: rare contexts weigh less (their Section 3.2)."""

_CHUNK = 500_000


def count_words(
    texts: Sequence[str], min_count: int = MIN_COUNT, advance: Callable[[int], None] = lambda _: None
) -> list[str]:
    """The words of `texts` that occur `min_count` times, in small letters, the most frequent first.

    There are `MOST_WORDS` of them at most; `advance` is told of every text.
    """
    counted: Counter[str] = Counter()
    for text in texts:
        counted.update(core(word) for word in text.split())
        advance(1)
    known = ((word, count) for word, count in counted.items() if word and count >= min_count)
    return [word for word, _ in sorted(known, key=lambda one: (-one[1], one[0]))[:MOST_WORDS]]


def counted_vectors(
    texts: Sequence[str],
    words: Sequence[str],
    advance: Callable[[int], None] = lambda _: None,
    dimensions: int = DIMENSIONS,
) -> NDArray[np.float32]:
    """Vectors (V, E) of `words` from where they stand in `texts`: U sqrt(S) of their PPMI's truncated SVD.

    E is `dimensions`, or V - 1 where there are fewer words; of fewer than three words all vectors are zero.
    """
    return factorized(co_occurrences(texts, words, advance), dimensions)


def factorized(near: sparse.csr_array, dimensions: int) -> NDArray[np.float32]:
    """Vectors (V, E): U sqrt(S) of the truncated SVD of the PPMI of co-occurrences (V, V).

    E is `dimensions`, or V - 1 where that is less; of fewer than three rows, or none that co-occur, all
    vectors are zero.
    """
    size = near.shape[0]
    if size < 3 or not near.nnz:
        return np.zeros((size, 1), np.float32)
    from sklearn.decomposition import TruncatedSVD  # takes over a second to import

    svd = TruncatedSVD(min(dimensions, size - 1), random_state=0)
    scaled = svd.fit_transform(ppmi(near))  # U S
    roots = np.sqrt(np.maximum(svd.singular_values_, 1e-9))
    vectors: NDArray[np.float32] = (scaled / roots).astype(np.float32)
    return vectors


def co_occurrences(
    texts: Sequence[str], words: Sequence[str], advance: Callable[[int], None] = lambda _: None
) -> sparse.csr_array:
    """How often two words stand at most `WINDOW` words apart in a text, (V, V), symmetric."""
    places = {word: place for place, word in enumerate(words)}
    total = sparse.csr_array((len(words), len(words)), dtype=np.float64)
    read: list[int] = []
    for text in texts:
        read += [places.get(core(word), -1) for word in text.split()] + [-1] * WINDOW  # no text sees the next
        if len(read) >= _CHUNK:
            total = total + _pairs(np.array(read), len(words))
            read = []
        advance(1)
    total = total + _pairs(np.array(read, dtype=np.int64), len(words))
    return sparse.csr_array(total + total.T)


def ppmi(counts: sparse.csr_array) -> sparse.csr_array:
    """Positive pointwise mutual information (V, V) of co-occurrences (V, V), natural logarithms.

    max(0, ln p(w, c) / (p(w) p(c))) with p(c) from counts to the power of `SMOOTHING` (Levy, Goldberg and
    Dagan, 2015, Section 3.2).
    """
    pairs = counts.tocoo()
    word = np.asarray(counts.sum(axis=1), dtype=np.float64)
    context = np.asarray(counts.sum(axis=0), dtype=np.float64) ** SMOOTHING
    rows, columns = pairs.coords
    by_chance = word[rows] * (context / context.sum())[columns]
    values = np.maximum(0.0, np.log(pairs.data / by_chance))
    found = sparse.csr_array((values, (rows, columns)), shape=counts.shape)
    found.eliminate_zeros()
    return found


def _pairs(read: NDArray[np.int64], size: int) -> sparse.csr_array:
    """Counts (V, V) of words followed by others within the window; -1 is a word that is not counted."""
    found = sparse.csr_array((size, size), dtype=np.float64)
    for distance in range(1, WINDOW + 1):
        first, second = read[:-distance], read[distance:]
        both = (first >= 0) & (second >= 0)
        ones = np.ones(int(both.sum()))
        found = found + sparse.coo_array((ones, (first[both], second[both])), shape=(size, size)).tocsr()
    return found
