from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.manifold import trustworthiness as oracle

from workbench.analysis.neighbourhoods import (
    label_agreement,
    map_quality,
    nearest_neighbours,
    trustworthiness,
)


@pytest.fixture
def vectors() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(40, 6))


@pytest.fixture
def gold() -> sparse.csr_array:
    targets = np.random.default_rng(4).random((40, 7)) < 0.25
    targets[5] = targets[6] = False
    return sparse.csr_array(targets.astype(np.uint8))


def by_loops(vectors: np.ndarray, row: int) -> list[int]:
    """The other documents, the nearest first."""
    others = [other for other in range(len(vectors)) if other != row]
    return sorted(others, key=lambda other: float(np.sum((vectors[row] - vectors[other]) ** 2)))


def test_neighbours_are_those_of_a_plain_loop(vectors):
    rows = np.array([0, 7, 39])
    found, distances = nearest_neighbours(vectors, 4, rows)
    for place, row in enumerate(rows):
        assert found[place].tolist() == by_loops(vectors, row)[:4]
        assert distances[place] == pytest.approx(
            [np.linalg.norm(vectors[row] - vectors[other]) for other in found[place]]
        )
    assert np.array_equal(nearest_neighbours(vectors, 4)[0][rows], found)


def test_nobody_is_their_own_neighbour_even_among_identical_documents():
    vectors = np.zeros((9, 3))
    vectors[-1] = 1.0
    found, distances = nearest_neighbours(vectors, 3)
    assert all(row not in found[row] for row in range(9))
    assert found.shape == (9, 3)
    assert np.all(distances[:8] == 0)


def test_label_agreement_by_hand():
    gold = sparse.csr_array(np.array([[1, 1, 0], [1, 0, 0], [0, 0, 1], [0, 0, 0], [0, 0, 0]], dtype=np.uint8))
    rows, others = np.array([0, 3]), np.array([[1, 2], [4, 0]])
    # {0,1} with {0}: 1/2; with {2}: 0; {} with {}: 1; {} with {0,1}: 0
    assert label_agreement(gold, rows, others) == pytest.approx((0.5 + 0 + 1 + 0) / 4)


def test_label_agreement_is_a_plain_loop_over_sets(gold):
    sets = [set(np.flatnonzero(row)) for row in gold.toarray()]
    rows = np.array([2, 5, 11])
    others = np.array([[0, 6], [6, 1], [3, 4]])
    wanted = [
        len(sets[row] & sets[other]) / len(sets[row] | sets[other]) if sets[row] | sets[other] else 1.0
        for row, partners in zip(rows, others, strict=True)
        for other in partners
    ]
    assert label_agreement(gold, rows, others) == pytest.approx(np.mean(wanted))


@pytest.mark.parametrize("k", [1, 5, 12])
def test_trustworthiness_is_scikit_learns(vectors, k):
    points = np.random.default_rng(5).normal(size=(40, 2))
    assert trustworthiness(vectors, points, k) == pytest.approx(oracle(vectors, points, n_neighbors=k))


def test_trustworthiness_of_some_documents_is_a_plain_loop(vectors):
    points = np.random.default_rng(5).normal(size=(40, 2))
    rows, k = np.array([1, 8, 30]), 5
    excess = 0
    for row in rows:
        order = by_loops(vectors, row)
        excess += sum(max(0, order.index(near) + 1 - k) for near in by_loops(points, row)[:k])
    wanted = 1 - 2 * excess / (len(rows) * k * (2 * 40 - 3 * k - 1))
    assert trustworthiness(vectors, points, k, rows) == pytest.approx(wanted)


def test_a_map_that_keeps_every_distance_is_trusted_wholly():
    flat = np.random.default_rng(6).normal(size=(30, 2))
    assert trustworthiness(np.column_stack([flat, np.zeros(30)]), 3 * flat, 5) == 1.0


def test_blocks_change_nothing(vectors, monkeypatch: pytest.MonkeyPatch):
    points = vectors[:, :2]
    whole = trustworthiness(vectors, points, 5)
    monkeypatch.setattr("workbench.analysis.neighbourhoods._CELLS_AT_ONCE", 100)
    assert trustworthiness(vectors, points, 5) == whole


def test_quality_looks_at_some_documents_only_when_there_are_many(vectors, gold):
    points = vectors[:, :2]
    quality = map_quality(vectors, points, gold)
    near, _ = nearest_neighbours(vectors, 10)
    assert (quality["documents"], quality["looked_at"], quality["neighbours"]) == (40, 40, 10)
    assert quality["agreement"] == pytest.approx(label_agreement(gold, np.arange(40), near))
    assert quality["trustworthiness"] == pytest.approx(oracle(vectors, points, n_neighbors=10))
    assert 0 <= quality["agreement_by_chance"] <= 1
    assert map_quality(vectors, points, gold, most=12)["looked_at"] == 12


def test_documents_with_their_own_labels_apart_agree_more_than_by_chance():
    generator = np.random.default_rng(7)
    topic = generator.integers(0, 4, 80)
    vectors = np.eye(4)[topic] + 0.05 * generator.normal(size=(80, 4))
    gold = sparse.csr_array(np.eye(4, dtype=np.uint8)[topic])
    quality = map_quality(vectors, vectors[:, :2], gold)
    assert quality["agreement"] == 1.0
    assert quality["agreement_by_chance"] < 0.5


@pytest.mark.parametrize("documents", [1, 2])
def test_two_documents_have_no_neighbourhood(documents):
    quality = map_quality(
        np.ones((documents, 3)), np.zeros((documents, 2)), sparse.csr_array(np.ones((documents, 2)))
    )
    assert quality["neighbours"] == 0
    assert quality["trustworthiness"] is None
    assert quality["agreement"] is None


def test_three_documents_and_huge_numbers_have_a_quality(gold):
    vectors = np.array([[0.0, 1e30], [1e30, 0.0], [-1e30, 1e30]], dtype=np.float32)
    quality = map_quality(vectors, vectors / 1e30, gold[:3])
    assert quality["neighbours"] == 1
    assert quality["trustworthiness"] == 1.0
