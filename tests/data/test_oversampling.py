from __future__ import annotations

import numpy as np
from scipy import sparse

from workbench.data.oversampling import oversampled_rows

TARGETS = sparse.csr_array(np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 0, 1, 0], [1, 0, 1, 0]], dtype=np.uint8))


def test_every_document_comes_once_and_each_label_gets_its_number_more():
    rows = oversampled_rows(TARGETS, np.array([1, 2]), 5, seed=0)
    assert rows[:4].tolist() == [0, 1, 2, 3]
    counts = TARGETS[rows].sum(axis=0)
    assert counts.tolist() == [4 + 10, 1 + 5, 2 + 5, 0]  # the head label grows most


def test_labels_without_documents_add_nothing_and_a_seed_draws_the_same():
    assert oversampled_rows(TARGETS, np.array([3]), 5, seed=0).tolist() == [0, 1, 2, 3]
    first, again = (oversampled_rows(TARGETS, np.array([2]), 20, seed) for seed in (1, 1))
    assert first.tolist() == again.tolist()
    assert set(first[4:]) == {2, 3}
    assert oversampled_rows(TARGETS, np.array([2]), 20, 2).tolist() != first.tolist()
