from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.data import oversampling
from workbench.data.oversampling import oversampled_rows
from workbench.errors import WorkbenchError

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


def test_more_rows_than_the_memory_has_room_for_are_refused_before_they_are_made(monkeypatch):
    monkeypatch.setattr(oversampling, "free_main_memory", lambda: 4_000)
    message = (
        r"augment_times=1000000 for 2 tail labels repeats 2,000,000 documents: with the 4 that there are, .*"
        r"0\.1 GB, and 0\.0 GB are free\. Repeat fewer: --set augment_times=23$"
    )
    with pytest.raises(WorkbenchError, match=message):
        oversampled_rows(TARGETS, np.array([1, 2, 3]), 1_000_000, seed=0)
    assert len(oversampled_rows(TARGETS, np.array([1, 2]), 23, seed=0)) == 50
