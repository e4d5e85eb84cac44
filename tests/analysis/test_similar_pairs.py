from __future__ import annotations

from itertools import combinations, permutations
from math import sqrt

import numpy as np
import pytest
from scipy import sparse
from scipy.stats import spearmanr

from tests.similar_vectors import found, many, unit
from workbench.analysis import similar_pairs, similarity
from workbench.analysis.similar_pairs import (
    furthest_pairs,
    identical_sets,
    mean_product,
    other_pairs,
    pair_ranks,
    pair_rows,
    rank_correlation,
    rank_gaps,
)
from workbench.analysis.similarity import (
    clustered,
    document_similarity,
    label_similarity,
)


@pytest.mark.parametrize("ties", [False, True])
def test_the_rank_correlation_is_spearmans_also_with_ties(ties):
    vectors, targets = many()
    if ties:
        vectors = unit(np.round(vectors) + np.array([0, 0, 0, 0.1]))
    alike = label_similarity(vectors, found(targets))
    upper = np.triu_indices(9, 1)
    result = rank_correlation(alike)
    assert result.value == pytest.approx(spearmanr(alike.products[upper], alike.jaccard[upper]).statistic)
    assert result.pairs == 36
    assert rank_correlation(alike, pair_ranks(alike)) == result


def test_vectors_that_follow_have_a_correlation_of_one_and_the_opposite_minus_one():
    _, targets = many()
    jaccard = label_similarity(many()[0], found(targets)).jaccard.astype(np.float64)
    np.fill_diagonal(jaccard, 0)
    for sign, value in ((1, 1.0), (-1, -1.0)):
        gram = np.eye(9) + sign * 0.2 * jaccard / jaccard.max()  # positive definite: some vectors have it
        alike = label_similarity(unit(np.linalg.cholesky(gram)), found(targets))
        result = rank_correlation(alike)
        assert result.value == pytest.approx(value, abs=1e-3)
        assert result.p == pytest.approx(0.001 if sign > 0 else 1.0)


def test_mantels_p_is_the_share_of_all_orders_that_are_as_good():
    vectors, targets = many(labels=5, documents=30, seed=3)
    alike = label_similarity(vectors, found(targets))
    upper = np.triu_indices(5, 1)

    def correlated(order) -> float:
        products = alike.products[np.ix_(order, order)]
        return spearmanr(products[upper], alike.jaccard[upper]).statistic

    values = [correlated(list(order)) for order in permutations(range(5))]
    exact = np.mean([value >= values[0] - 1e-9 for value in values])
    assert rank_correlation(alike).p == pytest.approx(exact, abs=0.06)
    assert rank_correlation(alike).p == rank_correlation(alike).p
    assert 0 < rank_correlation(alike, seed=1).p <= 1


def test_where_all_is_the_same_there_is_no_correlation():
    _, targets = many()
    assert rank_correlation(label_similarity(np.ones((9, 1)), found(targets))).value is None
    alone = found(np.eye(4, dtype=np.uint8))  # no label beside another
    result = rank_correlation(label_similarity(unit(np.random.default_rng(0).normal(size=(4, 3))), alone))
    assert (result.value, result.pairs, result.p) == (None, 6, None)


@pytest.mark.parametrize("labels", [0, 1])
def test_below_two_labels_there_are_no_pairs(labels):
    alike = label_similarity(np.ones((labels, 2)) / sqrt(2), found(np.ones((3, labels), np.uint8)))
    assert len(alike) == labels
    assert mean_product(alike) is None
    assert rank_correlation(alike).value is None
    assert rank_gaps(pair_ranks(alike)).shape == (0,)
    assert furthest_pairs(rank_gaps(pair_ranks(alike))).shape == (0,)
    assert pair_rows(alike, np.zeros(0, np.intp), rank_gaps(pair_ranks(alike)), ["a"] * labels).empty
    assert clustered(alike.products).tolist() == list(range(labels))


def test_many_labels_are_drawn_and_their_order_is_not_permuted(monkeypatch):
    vectors, targets = many()
    monkeypatch.setattr(similarity, "LABELS_AT_MOST", 5)
    monkeypatch.setattr(similar_pairs, "PERMUTED_AT_MOST", 4)
    alike = label_similarity(vectors, found(targets))
    assert len(set(alike.places.tolist())) == len(alike) == 5
    result = rank_correlation(alike)
    assert (result.pairs, result.p) == (10, None)
    assert len(label_similarity(vectors, found(targets), np.arange(7))) == 7  # those asked for


def test_gaps_of_ranks_name_the_pairs_that_disagree():
    vectors = unit([[1, 0], [1, 0.1], [0, 1], [0.1, 1]])
    rows = [[1, 0, 1, 0], [1, 0, 1, 0], [0, 1, 0, 1], [0, 1, 0, 1], [1, 0, 0, 1]]
    alike = label_similarity(vectors, found(rows))
    gaps = rank_gaps(pair_ranks(alike))
    assert gaps.sum() == pytest.approx(0)
    names = ["a", "b", "c", "d"]
    table = pair_rows(alike, furthest_pairs(gaps, 2), gaps, names)
    pairs = list(zip(table["label_a"], table["label_b"], strict=True))
    assert set(pairs[:2]) == {("a", "b"), ("c", "d")}  # side by side, and on no document together
    assert set(pairs[2:]) == {("a", "c"), ("b", "d")}  # at right angles, and always together
    first = table.iloc[0]
    assert (first["together"], first["jaccard"]) == (0, 0)
    assert first["product"] == pytest.approx(vectors[0] @ vectors[1], abs=1e-6)
    together = table[(table["label_a"] == "b") & (table["label_b"] == "d")].iloc[0]
    assert (together["together"], together["documents_a"], together["documents_b"]) == (2, 2, 3)
    assert set(other_pairs(6, np.array([1, 4]), 3).tolist()) < {0, 2, 3, 5}
    assert other_pairs(6, np.array([1, 4]), 9).tolist() == [0, 2, 3, 5]


@pytest.mark.parametrize("at_most", [1, 3, 40])
def test_the_furthest_pairs_are_those_of_a_full_sort_also_with_ties(at_most):
    gaps = np.round(np.random.default_rng(0).normal(size=30), 0) / 4  # many ties
    order = np.argsort(-gaps, kind="stable")
    close = [pair for pair in order[:at_most] if gaps[pair] > 0]
    far = [pair for pair in order[::-1][:at_most] if gaps[pair] < 0]
    assert furthest_pairs(gaps, at_most).tolist() == close + far


def test_identical_sets_are_counted_pair_by_pair():
    generator = np.random.default_rng(0)
    gold = (generator.random((30, 3)) < 0.5).astype(np.uint8)
    gold[gold.sum(axis=1) == 0, 0] = 1
    vectors = gold + 0.3 * generator.normal(size=gold.shape)
    alike = document_similarity(vectors, sparse.csr_array(gold))
    table = identical_sets(alike, (0.8,))
    pairs = list(combinations(range(30), 2))
    same = {pair for pair in pairs if (gold[pair[0]] == gold[pair[1]]).all()}
    near = {(a, b) for a, b in pairs if unit(vectors)[a] @ unit(vectors)[b] >= 0.8}
    shared = {(a, b) for a, b in near if gold[a] @ gold[b] > 0}
    assert table["pairs"].tolist() == [len(pairs), len(near)]
    assert table["identical"].tolist() == pytest.approx([len(same) / 435, len(near & same) / len(near)])
    assert table["common"].iloc[1] == pytest.approx(len(shared) / len(near))
    assert table["found"].tolist() == pytest.approx([1, len(near & same) / len(same)])


def test_without_pairs_so_close_or_of_identical_sets_shares_are_undefined():
    gold = sparse.csr_array(np.eye(3, dtype=np.uint8))
    table = identical_sets(document_similarity(np.eye(3), gold), (0.5,))
    assert table["pairs"].tolist() == [3, 0]
    assert table["identical"].iloc[0] == 0
    assert np.isnan([table["identical"].iloc[1], *table["found"]]).all()
