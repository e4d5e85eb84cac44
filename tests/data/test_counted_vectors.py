from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from workbench.data import counted_vectors as counted

TEXTS = ["The cat sat, the dog sat.", "A dog! A cat? “The” end", "", "cat cat"]


def test_words_are_counted_in_small_letters_without_signs():
    told: list[int] = []
    assert counted.count_words(TEXTS, 2, told.append) == ["cat", "the", "a", "dog", "sat"]
    assert len(told) == 4
    assert counted.count_words(["... -- ?"], 1) == []
    assert counted.count_words(["Été été ÉTÉ"], 3) == ["été"]


def test_no_more_than_the_most_words(monkeypatch):
    monkeypatch.setattr(counted, "MOST_WORDS", 2)
    assert counted.count_words(TEXTS, 1) == ["cat", "the"]


@pytest.mark.parametrize("chunk", [1, 7, 500_000])
def test_co_occurrences_are_those_of_a_plain_loop(monkeypatch, chunk):
    monkeypatch.setattr(counted, "_CHUNK", chunk)
    generator = np.random.default_rng(0)
    texts = [
        " ".join(f"w{number}" for number in generator.integers(0, 9, size)) for size in (0, 1, 2, 30, 17)
    ]
    words = [f"w{number}" for number in range(7)]  # w7 and w8 are not counted, but keep their places
    expected = np.zeros((7, 7))
    for text in texts:
        read = text.split()
        for at, word in enumerate(read):
            for other in range(len(read)):
                if 0 < abs(at - other) <= counted.WINDOW and word in words and read[other] in words:
                    expected[words.index(word), words.index(read[other])] += 1
    np.testing.assert_array_equal(counted.co_occurrences(texts, words).toarray(), expected)


def test_ppmi_is_that_of_a_plain_loop():
    counts = np.array([[0, 4, 1, 0], [4, 2, 0, 0], [1, 0, 0, 3], [0, 0, 3, 0]], dtype=float)
    total = counts.sum()
    smoothed = counts.sum(axis=0) ** 0.75
    expected = np.zeros_like(counts)
    for word in range(4):
        for context in range(4):
            if counts[word, context]:
                together = counts[word, context] / total
                by_chance = counts[word].sum() / total * smoothed[context] / smoothed.sum()
                expected[word, context] = max(0.0, math.log(together / by_chance))
    found = counted.ppmi(sparse.csr_array(counts))
    np.testing.assert_allclose(found.toarray(), expected, rtol=1e-12)
    assert (found.data > 0).all()


def test_words_in_the_same_places_get_the_same_vector_and_all_is_the_same_twice():
    generator = np.random.default_rng(1)
    frames = [("we", "the", "of", "here"), ("they", "a", "for", "there")]
    texts = []
    for _ in range(300):
        kind = int(generator.integers(2))
        before, article, after, last = frames[kind]
        word = [["big", "large"], ["tiny", "small"]][kind][generator.integers(2)]
        texts.append(f"{before} {article} {word} {after} {last}")
    words = counted.count_words(texts)
    vectors = counted.counted_vectors(texts, words)
    np.testing.assert_array_equal(vectors, counted.counted_vectors(texts, words))
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    cosine = {
        (one, other): float(unit[words.index(one)] @ unit[words.index(other)])
        for one in words
        for other in words
    }
    assert cosine["big", "large"] > 0.9
    assert cosine["tiny", "small"] > 0.9
    assert cosine["big", "small"] < 0.3


@pytest.mark.parametrize("texts", [[], [""], ["one two"], ["one", "two", "three"]])
def test_too_little_text_gives_zeros(texts):
    words = counted.count_words(texts, 1)
    vectors = counted.counted_vectors(texts, words)
    assert vectors.shape == (len(words), 1)
    assert not vectors.any()
