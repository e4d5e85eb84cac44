from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis.cooccurrence import cooccurrence
from workbench.analysis.label_clusters import clustered_blocks, clustered_order, similarity
from workbench.analysis.label_order import (
    BLOCK_COUNTS,
    ORDERS,
    SINGLE_AT_MOST,
    arrange,
    group_names,
    inside,
    label_names,
    number_of_blocks,
)
from workbench.errors import WorkbenchError


def themed(themes: int, labels_each: int, documents: int = 4000, seed: int = 0) -> sparse.csr_array:
    """Documents of one theme each, with two to four of its labels; label l is of theme l % themes."""
    generator = np.random.default_rng(seed)
    rows, columns = [], []
    for document in range(documents):
        own = generator.permutation(labels_each)[: generator.integers(2, 5)]
        columns += (own * themes + document % themes).tolist()
        rows += [document] * len(own)
    shape = (documents, themes * labels_each)
    return sparse.csr_array((np.ones(len(rows), np.uint8), (rows, columns)), shape=shape)


def names_of(count: int) -> list[str]:
    return [f"label {number:05d}" for number in range(count)]


def test_similarity_is_the_cosine_of_the_columns():
    dense = (np.random.default_rng(1).random((40, 6)) < 0.4).astype(np.float64)
    labels = np.array([4, 0, 3])
    alike = similarity(cooccurrence(sparse.csr_array(dense)), labels).toarray()
    for row, a in enumerate(labels):
        for column, b in enumerate(labels):
            cosine = dense[:, a] @ dense[:, b] / np.sqrt(dense[:, a].sum() * dense[:, b].sum())
            assert alike[row, column] == pytest.approx(cosine)


def test_clustering_brings_themes_together():
    groups = arrange(cooccurrence(themed(4, 6)), names_of(24))
    themes = [int(group[0]) % 4 for group in groups]
    assert all(len(group) == 1 for group in groups)
    assert sum(one != other for one, other in pairwise(themes)) == 3


def test_thousands_of_labels_share_blocks_of_their_theme():
    found = cooccurrence(themed(64, 40, documents=20_000))
    names = names_of(64 * 40)
    groups = arrange(found, names)
    assert len(groups) == 64
    assert {len(group) for group in groups} == {40}
    assert sorted(np.concatenate(groups)) == list(range(64 * 40))
    purity = [np.bincount(group % 64).max() / len(group) for group in groups]
    assert np.mean(purity) > 0.9
    again = arrange(found, names)
    assert all(np.array_equal(one, other) for one, other in zip(groups, again, strict=True))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("labels", [1, 2, 3, SINGLE_AT_MOST, SINGLE_AT_MOST + 1, 1000, 5000])
def test_every_seen_label_has_one_place_in_blocks_of_equal_size(order: str, labels: int):
    generator = np.random.default_rng(labels)
    places = (np.arange(3 * labels), generator.integers(0, labels, 3 * labels))
    targets = sparse.csr_array((np.ones(3 * labels, np.uint8), places), shape=(3 * labels, labels))
    found = cooccurrence(targets)
    groups = arrange(found, names_of(labels), order)
    assert sorted(np.concatenate(groups)) == found.seen.tolist()
    sizes = {len(group) for group in groups}
    assert max(sizes) - min(sizes) <= 1
    assert len(groups) == number_of_blocks(len(found.seen)) <= 256


@pytest.mark.parametrize("order", ORDERS)
def test_corners_have_an_order(order: str):
    everywhere = cooccurrence(np.ones((4, 300), np.uint8))  # all labels on every document: any order will do
    assert sorted(np.concatenate(arrange(everywhere, names_of(300), order))) == list(range(300))
    alone = cooccurrence(sparse.csr_array(np.eye(5, dtype=np.uint8)))  # no label with another
    assert sorted(np.concatenate(arrange(alone, names_of(5), order))) == list(range(5))
    assert arrange(cooccurrence(sparse.csr_array((0, 3))), names_of(3), order) == []
    unseen = cooccurrence(sparse.csr_array(np.array([[1, 0, 1, 0]])))
    assert sorted(np.concatenate(arrange(unseen, names_of(4), order))) == [0, 2]


def test_identical_labels_are_neighbours():
    dense = (np.random.default_rng(3).random((60, 9)) < 0.3).astype(np.uint8)
    dense[:, 8] = dense[:, 0]
    order = [int(group[0]) for group in arrange(cooccurrence(dense), names_of(9))]
    assert abs(order.index(8) - order.index(0)) == 1


def test_by_frequency_and_by_alphabet():
    found = cooccurrence(sparse.csr_array(np.array([[1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 1, 0]])))
    names = ["Zebra", "apple", "Banana", "never"]
    assert np.concatenate(arrange(found, names, "by frequency")).tolist() == [2, 1, 0]
    assert np.concatenate(arrange(found, names, "alphabetical")).tolist() == [1, 2, 0]
    with pytest.raises(WorkbenchError, match="clustered, by frequency, alphabetical"):
        arrange(found, names, "random")


def test_rows_are_single_labels_or_the_fewest_blocks_that_fit():
    assert [number_of_blocks(count) for count in (0, 1, 200, 201, 4096, 4097, 10_000, 700_000)] == [
        0,
        1,
        200,
        64,
        64,
        128,
        256,
        256,
    ]
    assert max(BLOCK_COUNTS) <= 500


def test_a_blocks_labels_keep_its_order_and_a_large_block_its_most_frequent():
    counts = np.arange(1, SINGLE_AT_MOST + 4)
    found = cooccurrence(sparse.csr_array(np.arange(counts[-1])[:, None] < counts))
    block = np.array([2, 0, 1])
    assert np.concatenate(inside(found, block)).tolist() == [2, 0, 1]
    every = np.arange(len(counts))[::-1]
    assert np.concatenate(inside(found, every)).tolist() == every[:SINGLE_AT_MOST].tolist()


def test_blocks_are_named_by_their_most_frequent_label():
    found = cooccurrence(sparse.csr_array(np.array([[1, 1, 1], [0, 0, 1]])))
    groups = [np.array([0, 2]), np.array([1])]
    assert group_names(found, groups, ["x", "y", "z"]) == ["1: z + 1", "y"]


def test_names_are_unique():
    assert label_names(["1", "2", "3"], ["import", "trade", "import"]) == [
        "import [1]",
        "trade",
        "import [3]",
    ]


def test_leaf_order_puts_the_nearest_side_by_side():
    chain = np.eye(5) + 0.8 * (np.eye(5, k=1) + np.eye(5, k=-1))
    shuffle = np.array([3, 0, 4, 1, 2])
    order = shuffle[clustered_order(sparse.csr_array(chain[np.ix_(shuffle, shuffle)]))]
    assert order.tolist() in ([0, 1, 2, 3, 4], [4, 3, 2, 1, 0])


def test_blocks_of_separate_parts_are_those_parts():
    part = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    whole = np.kron(np.eye(2), part)
    shuffle = np.array([0, 4, 1, 5, 2, 6, 3, 7])
    blocks = clustered_blocks(sparse.csr_array(whole[np.ix_(shuffle, shuffle)]), 2)
    assert sorted(sorted(shuffle[block].tolist()) for block in blocks) == [[0, 1, 2, 3], [4, 5, 6, 7]]
