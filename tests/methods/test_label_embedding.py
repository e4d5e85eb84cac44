"""Vectors of labels: counts of random walks by enumerating them, directions by who stands beside whom."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.methods import label_embedding
from workbench.methods.label_embedding import label_vectors, walk_counts

EDGES = np.array([[0, 2, 1, 0], [2, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]], dtype=float)


@pytest.mark.parametrize("window", [1, 2, 3])
def test_walks_are_counted_as_if_each_had_been_walked(window: int):
    degrees = EDGES.sum(axis=1)
    expected = np.zeros((4, 4))
    for steps in range(1, window + 1):
        for walk in product(range(4), repeat=steps + 1):
            chance = degrees[walk[0]]
            for here, there in pairwise(walk):
                chance *= EDGES[here, there] / degrees[here] if degrees[here] else 0.0
            expected[walk[0], walk[-1]] += chance
    found = walk_counts(sparse.csr_array(EDGES), window).toarray()
    np.testing.assert_allclose(found, expected)
    np.testing.assert_allclose(found, found.T)


def _targets(copies: int = 5) -> sparse.csr_array:
    """Two families of three labels that stand together, and two more, alone and never there."""
    rows = [[0, 1], [0, 2], [1, 2], [0, 1, 2], [3, 4], [3, 5], [4, 5], [3, 4, 5], [6]] * copies
    dense = np.zeros((len(rows), 8), dtype=np.uint8)
    for place, row in enumerate(rows):
        dense[place, row] = 1
    return sparse.csr_array(dense)


def test_labels_that_stand_together_have_like_vectors():
    found = label_vectors(_targets(), 2, 2, 0)
    assert found.shape == (8, 2)
    inside = [found[a] @ found[b] for a, b in [(0, 1), (0, 2), (3, 4), (4, 5)]]
    across = [found[a] @ found[b] for a in range(3) for b in range(3, 6)]
    assert min(inside) > 0.9
    assert np.abs(across).max() < 0.1


def test_labels_without_company_get_a_random_direction_of_unit_length():
    found = label_vectors(_targets(), 4, 2, 0)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)
    again, other = label_vectors(_targets(), 4, 2, 0), label_vectors(_targets(), 4, 2, 1)
    np.testing.assert_array_equal(found, again)
    assert np.abs(found[6:] - other[6:]).max() > 0.1
    np.testing.assert_allclose(found[:6], other[:6])
    assert abs(found[6] @ found[7]) < 0.999


@pytest.mark.parametrize("labels", [1, 2])
def test_few_labels_and_many_dimensions_give_unit_vectors(labels: int):
    targets = sparse.csr_array(np.ones((3, labels), dtype=np.uint8))
    found = label_vectors(targets, 6, 2, 0)
    assert found.shape == (labels, 6)
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, rtol=1e-5)


def test_walks_without_room_are_refused(monkeypatch):
    monkeypatch.setattr(label_embedding, "free_main_memory", lambda: 100)
    with pytest.raises(WorkbenchError, match=r"Walks of 2 steps between 4 labels .*--set window=1"):
        walk_counts(sparse.csr_array(EDGES), 2)
    assert walk_counts(sparse.csr_array(EDGES), 1).nnz == 4
