from __future__ import annotations

from math import sqrt

import numpy as np
import pytest
from scipy import sparse

from tests.similar_vectors import found, many, unit
from workbench.analysis.similar_pairs import (
    mean_product,
)
from workbench.analysis.similarity import (
    clustered,
    document_similarity,
    label_cells,
    label_directions,
    label_similarity,
)
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


def test_labels_by_hand():
    vectors = unit([[3, 0], [4, 4], [0, 2], [1, 1]])
    alike = label_similarity(vectors, found())
    assert alike.places.tolist() == [0, 1, 2]  # what is never seen has no similarity
    assert alike.sizes.tolist() == [3, 2, 2]
    half = 1 / sqrt(2)
    np.testing.assert_allclose(alike.products, [[1, half, 0], [half, 1, half], [0, half, 1]], atol=1e-6)
    np.testing.assert_allclose(alike.jaccard, [[1, 2 / 3, 1 / 4], [2 / 3, 1, 0], [1 / 4, 0, 1]], rtol=1e-6)
    assert alike.shared.tolist() == [[3, 2, 1], [2, 2, 0], [1, 0, 2]]
    assert mean_product(alike) == pytest.approx(2 * half / 3)


def test_the_similarity_of_labels_is_that_of_the_equations_letter_by_letter():
    vectors, targets = many()
    alike = label_similarity(vectors, found(targets))
    documents = [set(np.flatnonzero(targets[:, label]).tolist()) for label in range(9)]
    for a in range(9):
        for b in range(9):
            expected = len(documents[a] & documents[b]) / len(documents[a] | documents[b])
            assert alike.jaccard[a, b] == pytest.approx(expected)
            assert alike.products[a, b] == pytest.approx(sum(vectors[a] * vectors[b]), abs=1e-6)


def test_documents_are_compared_by_their_label_sets():
    vectors = np.array([[1, 0], [2, 0], [0, 5], [1, 1], [0, 0]], dtype=np.float16)
    gold = sparse.csr_array(np.array([[1, 1, 0], [1, 1, 0], [0, 1, 1], [0, 0, 0], [1, 0, 0]], np.uint8))
    alike = document_similarity(vectors, gold)
    assert alike.places.tolist() == [0, 1, 2]  # not one without labels, nor one without a direction
    np.testing.assert_allclose(alike.products, [[1, 1, 0], [1, 1, 0], [0, 0, 1]], atol=1e-6)
    np.testing.assert_allclose(alike.jaccard, [[1, 1, 1 / 3], [1, 1, 1 / 3], [1 / 3, 1 / 3, 1]], rtol=1e-6)
    chosen = document_similarity(vectors, gold, np.array([2, 3, 0]))
    assert chosen.places.tolist() == [2, 0]
    assert chosen.shared.tolist() == [[2, 1], [1, 2]]


def test_diverged_vectors_of_documents_are_refused():
    with pytest.raises(WorkbenchError, match="diverged"):
        document_similarity(np.full((2, 2), np.inf), sparse.csr_array(np.eye(2, dtype=np.uint8)))


def test_cells_of_single_labels_are_pairs_and_those_of_blocks_their_means():
    vectors, targets = many()
    counted = found(targets)
    singles = [np.array([label]) for label in range(9)]
    cells = label_cells(vectors, counted, singles)
    assert np.isnan(np.diag(cells["product"])).all()
    assert np.isnan(np.diag(cells["jaccard"])).all()
    alike = label_similarity(vectors, counted)
    off = ~np.eye(9, dtype=bool)
    np.testing.assert_allclose(cells["product"][off], alike.products[off], atol=1e-6)
    np.testing.assert_allclose(cells["jaccard"][off], alike.jaccard[off], rtol=1e-6)
    assert (cells["documents"] == counted.together.toarray()).all()
    blocks = [np.array([0, 3, 5]), np.array([1]), np.array([2, 4, 6, 7, 8])]
    cells = label_cells(vectors, counted, blocks)
    for row, some in enumerate(blocks):
        for column, others in enumerate(blocks):
            pairs = [(a, b) for a in some for b in others if a != b]
            for name, whole in (("product", alike.products), ("jaccard", alike.jaccard)):
                expected = np.mean([whole[pair] for pair in pairs]) if pairs else np.nan
                assert cells[name][row, column] == pytest.approx(expected, rel=1e-5, nan_ok=True)


def test_similar_ones_are_neighbours():
    products = unit([[1, 0], [0, 1], [1, 0.1], [0.1, 1]])
    order = clustered((products @ products.T).astype(np.float32)).tolist()
    assert abs(order.index(0) - order.index(2)) == abs(order.index(1) - order.index(3)) == 1


def test_vectors_of_labels_are_read_at_length_one_and_zeros_stay(run_factory):
    path = run_factory("base-0")
    array = np.zeros((12, 8), dtype=np.float16)
    array[1:, 0] = -3
    np.save(path / "arrays" / "label_embeddings.npy", array)
    unit_rows = label_directions(Run.load(path))
    assert unit_rows[0].tolist() == [0] * 8
    np.testing.assert_allclose(unit_rows[1:, 0], -1)


@pytest.mark.parametrize(
    "array, problem", [(np.ones((3, 8)), "12 labels"), (np.full((12, 8), np.nan), "NaN or infinity")]
)
def test_vectors_that_do_not_fit_or_have_diverged_are_refused(run_factory, array, problem):
    path = run_factory("base-0")
    np.save(path / "arrays" / "label_embeddings.npy", array)
    with pytest.raises(WorkbenchError, match=problem):
        label_directions(Run.load(path))
