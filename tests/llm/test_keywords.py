from __future__ import annotations

import math

import numpy as np
from scipy import sparse

from workbench.llm.keywords import class_weights, telling_words


def test_class_weights_by_plain_loops():
    counts = np.random.default_rng(0).integers(0, 4, (5, 9))
    counts[2] = 0
    counts[:, 4] = 0
    weights = class_weights(sparse.csr_array(counts)).toarray()
    average = sum(int(count) for row in counts for count in row) / len(counts)
    for label in range(5):
        total = sum(int(count) for count in counts[label])
        for word in range(9):
            frequency = sum(int(row[word]) for row in counts)
            expected = 0.0
            if counts[label, word]:
                expected = counts[label, word] / total * math.log(1 + average / frequency)
            assert math.isclose(weights[label, word], expected, abs_tol=1e-12)


def test_words_that_a_label_has_for_itself_come_first():
    texts = ["oven dough oven common", "dough ovens common oven", "soup pot common", "the soup pot is common"]
    targets = sparse.csr_array(np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 1, 0]], dtype=np.uint8))
    words = telling_words(texts, targets, 3)
    assert words == [["oven", "dough", "common"], ["pot", "soup", "common"], []]


def test_texts_without_words_have_none():
    assert telling_words(["1 2", "the"], sparse.csr_array(np.ones((2, 1), dtype=np.uint8)), 3) == [[]]
