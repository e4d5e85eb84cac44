"""Words that tell a label from the others: class-based TF-IDF over training documents."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from scipy import sparse

_WORD = r"(?u)\b[^\W\d_][^\W_-]+(?:-[^\W_-]+)*\b"


def telling_words(texts: Sequence[str], targets: sparse.csr_array, most: int) -> list[list[str]]:
    """The most telling words of each label, best first; none for a label without documents.

    A label's documents are read as one; a word weighs its share of that text times log(1 + A / f), with A the
    mean number of words of a label's text and f how often the word stands in all of them together.

    Source: "BERTopic: Neural topic modeling with a class-based TF-IDF procedure", Eq. 2.

    Shapes: N texts, targets (N, L) of 0/1 -> L lists of at most `most` words.
    """
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(stop_words="english", token_pattern=_WORD, min_df=min(2, max(1, len(texts))))
    try:
        counts = sparse.csr_array(counter.fit_transform(texts))
    except ValueError:  # no word is left
        return [[] for _ in range(targets.shape[1])]
    words = counter.get_feature_names_out()
    weights = class_weights(sparse.csr_array(targets.T.astype(np.int64) @ counts))
    return [
        _best(
            weights.data[weights.indptr[label] : weights.indptr[label + 1]],
            words[weights.indices[weights.indptr[label] : weights.indptr[label + 1]]],
            most,
        )
        for label in range(targets.shape[1])
    ]


def class_weights(counts: sparse.csr_array) -> sparse.csr_array:
    """Class-based TF-IDF of word counts.

    Shapes: counts (L, V) of the words in each label's text -> (L, V).
    """
    lengths = np.asarray(counts.sum(axis=1)).ravel()  # (L,)
    frequency = np.asarray(counts.sum(axis=0)).ravel()  # (V,)
    inverse = np.log1p(lengths.mean() / np.maximum(frequency, 1))  # (V,)
    share = 1 / np.maximum(lengths, 1)  # (L,)
    return sparse.csr_array(sparse.diags_array(share) @ counts @ sparse.diags_array(inverse))


def _best(weights: np.ndarray, words: np.ndarray, most: int) -> list[str]:
    """The words of the highest weights, ties in alphabetical order; of a word's forms only the first."""
    chosen: dict[str, str] = {}
    for place in np.lexsort((words, -weights)):
        chosen.setdefault(_stem(words[place]), str(words[place]))
        if len(chosen) == most:
            break
    return list(chosen.values())


def _stem(word: str) -> str:
    return re.sub(r"(?:ies|es|s|ing|ed|y|e)$", "", word) if len(word) > 4 else word
