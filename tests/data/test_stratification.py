from __future__ import annotations

import numpy as np
import pytest
from iterstrat.ml_stratifiers import IterativeStratification
from scipy import sparse

from workbench.data.stratification import stratified_folds, stratified_sample


def long_tailed(n_documents: int, n_labels: int, seed: int) -> np.ndarray:
    random = np.random.default_rng(seed)
    return random.random((n_documents, n_labels)) < 0.6 / np.arange(1, n_labels + 1)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("fractions", [(0.9, 0.1), (0.5, 0.5), (0.7, 0.2, 0.1)])
def test_folds_equal_the_dense_package_assignment_by_assignment(
    seed: int, fractions: tuple[float, ...]
) -> None:
    dense = long_tailed(150, 25, seed)
    ours = stratified_folds(sparse.csr_array(dense.astype(np.uint8)), fractions, seed)
    theirs = IterativeStratification(dense, np.array(fractions), np.random.default_rng(seed))
    np.testing.assert_array_equal(ours, theirs)


def test_tail_labels_reach_the_drawn_fold() -> None:
    dense = np.zeros((1000, 51), np.uint8)
    dense[:, 0] = 1
    for label in range(1, 51):
        dense[(label - 1) * 20 : label * 20, label] = 1  # twenty documents each
    drawn = stratified_folds(sparse.csr_array(dense), (0.9, 0.1), seed=3) == 1
    np.testing.assert_array_equal(dense[drawn, 1:].sum(axis=0), np.full(50, 2))


def test_a_label_of_one_document_stays_in_the_large_fold() -> None:
    folds = stratified_folds(sparse.csr_array(np.eye(10, dtype=np.uint8)), (0.9, 0.1))
    assert (folds == 0).all()


def test_documents_without_labels_are_divided_too() -> None:
    folds = stratified_folds(sparse.csr_array((100, 3), dtype=np.uint8), (0.8, 0.2))
    assert np.bincount(folds).tolist() == [80, 20]


def test_no_documents_give_no_folds() -> None:
    assert stratified_folds(sparse.csr_array((0, 3), dtype=np.uint8), (0.8, 0.2)).shape == (0,)


def test_the_seed_decides_and_repeats() -> None:
    targets = sparse.csr_array(long_tailed(200, 10, 0).astype(np.uint8))
    first, again = (stratified_folds(targets, (0.5, 0.5), 7) for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (first != stratified_folds(targets, (0.5, 0.5), 8)).any()


@pytest.mark.parametrize("size", [1, 37, 199])
def test_a_sample_has_exactly_its_size_and_keeps_shares(size: int) -> None:
    dense = long_tailed(200, 5, 1).astype(np.uint8)
    rows = stratified_sample(sparse.csr_array(dense), size, seed=4)
    assert len(rows) == size == len(set(rows.tolist()))
    assert (np.diff(rows) > 0).all()
    assert abs(dense[rows].sum(axis=0) - dense.sum(axis=0) * size / 200).max() <= max(2, 0.1 * size)
