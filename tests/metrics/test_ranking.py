import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score, precision_score

from workbench.errors import WorkbenchError
from workbench.metrics import (
    macro_precision_at_k,
    ndcg_at_k,
    precision_at_k,
    psp_at_k,
    rank,
    ranked,
    recall_at_k,
    top_k,
)


def first(row, k):
    return sorted(range(len(row)), key=lambda label: (-float(row[label]), label))[:k]


def labelled(scores, gold):
    return [
        (row, set(np.flatnonzero(truth).tolist()))
        for row, truth in zip(scores, gold, strict=True)
        if truth.any()
    ]


def mean(values):
    return sum(values) / len(values) if values else math.nan


def precision_loop(scores, gold, k):
    return mean([sum(label in truth for label in first(row, k)) / k for row, truth in labelled(scores, gold)])


def recall_loop(scores, gold, k):
    return mean(
        [sum(j in truth for j in first(row, k)) / len(truth) for row, truth in labelled(scores, gold)]
    )


def ndcg_loop(scores, gold, k):
    values = []
    for row, truth in labelled(scores, gold):
        dcg = sum(1 / math.log2(place + 2) for place, label in enumerate(first(row, k)) if label in truth)
        values.append(dcg / sum(1 / math.log2(place + 2) for place in range(min(k, len(truth)))))
    return mean(values)


def psp_loop(scores, gold, p, k, normalised):
    rows = labelled(scores, gold)
    gain = sum(sum(1 / p[j] for j in first(row, k) if j in truth) for row, truth in rows)
    best = sum(
        max(sum(1 / p[j] for j in some) for some in itertools.combinations(truth, min(k, len(truth))))
        for _, truth in rows
    )
    if not rows:
        return math.nan
    return gain / best if normalised else gain / k / len(rows)


def macro_precision_loop(scores, gold, k, over):
    values = []
    for label in range(scores.shape[1]):
        there = [label in truth for row, truth in labelled(scores, gold) if label in first(row, k)]
        if over == "all" or gold[:, label].any():
            values.append(sum(there) / len(there) if there else 0.0)
    return mean(values) if gold.any() else math.nan


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_every_metric_is_its_plain_loop(data, score_tables, gold_forms):
    scores, gold = data.draw(score_tables())
    k = data.draw(st.integers(1, scores.shape[1] + 2))
    given_gold = data.draw(st.sampled_from(gold_forms))(gold)
    p = np.array(data.draw(st.lists(st.floats(0.05, 1), min_size=gold.shape[1], max_size=gold.shape[1])))

    def same(value, expected):
        assert value == pytest.approx(expected, rel=1e-12, nan_ok=True)

    same(precision_at_k(scores, given_gold, k), precision_loop(scores, gold, k))
    same(recall_at_k(scores, given_gold, k), recall_loop(scores, gold, k))
    same(ndcg_at_k(scores, given_gold, k), ndcg_loop(scores, gold, k))
    for normalised in (True, False):
        same(psp_at_k(scores, given_gold, p, k, normalised), psp_loop(scores, gold, p, k, normalised))
    for over in ("all", "gold"):
        same(macro_precision_at_k(scores, given_gold, k, over), macro_precision_loop(scores, gold, k, over))


@pytest.mark.parametrize("k", [1, 3, 5, 20])
def test_against_scikit_learn(k):
    rng = np.random.default_rng(k)
    scores = rng.permutation(40 * 30).reshape(40, 30).astype(np.float64)  # no ties: its tie rule is another
    gold = rng.random((40, 30)) < 0.1
    gold[3] = False
    gold[:, 5] = False
    kept = gold.any(axis=1)
    assert ndcg_at_k(scores, gold, k) == pytest.approx(ndcg_score(gold[kept], scores[kept], k=k), rel=1e-12)
    chosen = np.zeros_like(gold)
    np.put_along_axis(chosen, top_k(scores, k), True, axis=1)
    macro = precision_score(gold[kept], chosen[kept], average="macro", zero_division=0)
    assert macro_precision_at_k(scores, gold, k) == pytest.approx(macro, rel=1e-12)
    micro = precision_score(gold[kept], chosen[kept], average="micro", zero_division=0)
    assert precision_at_k(scores, gold, k) == pytest.approx(micro, rel=1e-12)


def test_by_hand():
    scores = [[0.9, 0.8, 0.1], [0.2, 0.2, 0.2], [0.1, 0.2, 0.3]]
    gold = [[0, 1, 1], [1, 0, 0], [0, 0, 0]]  # the third document has no label and counts nowhere
    second = 1 / math.log2(3)
    assert precision_at_k(scores, gold, 2) == (1 / 2 + 1 / 2) / 2
    assert recall_at_k(scores, gold, 2) == (1 / 2 + 1) / 2
    assert ndcg_at_k(scores, gold, 2) == pytest.approx((second / (1 + second) + 1) / 2)
    p = [1.0, 0.5, 0.25]
    assert psp_at_k(scores, gold, p, 2) == (2 + 1) / (2 + 4 + 1)
    assert psp_at_k(scores, gold, p, 2, normalised=False) == (2 / 2 + 1 / 2) / 2
    # label 0 stands in the first two of both documents and is right once; label 1 likewise; label 2 never
    assert macro_precision_at_k(scores, gold, 2) == pytest.approx((1 / 2 + 1 / 2 + 0) / 3)


def test_k_beyond_the_labels_still_divides_by_k():
    assert precision_at_k([[0.1, 0.9]], [[1, 1]], 5) == 2 / 5
    assert recall_at_k([[0.1, 0.9]], [[1, 1]], 5) == ndcg_at_k([[0.1, 0.9]], [[1, 1]], 5) == 1.0


def test_a_perfect_ranking_scores_one():
    gold = np.random.default_rng(1).random((20, 12)) < 0.3
    p = np.linspace(0.1, 1, 12)
    for k in (1, 3, 5):
        assert ndcg_at_k(gold.astype(float), gold, k) == 1.0
        assert psp_at_k(gold / p, gold, p, k) == pytest.approx(1.0, rel=1e-12)


def test_no_labelled_document_gives_nan_not_a_warning():
    scores, gold = np.ones((2, 3)), np.zeros((2, 3))
    for metric in (precision_at_k, recall_at_k, ndcg_at_k, macro_precision_at_k):
        assert math.isnan(metric(scores, gold, 2))
    assert math.isnan(psp_at_k(scores, gold, np.ones(3), 2))


def test_a_ranking_serves_every_smaller_k_and_refuses_a_larger_one():
    rng = np.random.default_rng(2)
    scores, gold = rng.random((30, 10)), rng.random((30, 10)) < 0.2
    ranking = rank(scores, gold, 5)
    for k in (1, 3, 5):
        assert ranking.mean(ranking.ndcg_per_document(k)) == ndcg_at_k(scores, gold, k)
        assert ranking.psp(np.full(10, 0.5), k) == psp_at_k(scores, gold, np.full(10, 0.5), k)
    with pytest.raises(WorkbenchError, match="k=6, but only the first 5"):
        ranking.precision_per_document(6)


def test_half_precision_gives_the_numbers_of_its_values():
    scores = np.random.default_rng(3).random((50, 20)).astype(np.float16)
    gold = np.random.default_rng(4).random((50, 20)) < 0.2
    assert ndcg_at_k(scores, gold, 5) == ndcg_at_k(scores.astype(np.float64), gold, 5)


def test_mistakes_say_what_was_given():
    with pytest.raises(WorkbenchError, match=r"scores have shape \(2, 3\) but targets have shape \(2, 4\)"):
        precision_at_k(np.zeros((2, 3)), np.zeros((2, 4)), 1)
    with pytest.raises(WorkbenchError, match=r"shape \(2,\); expected \(3,\)"):
        psp_at_k(np.zeros((2, 3)), np.zeros((2, 3)), [0.5, 0.5], 1)
    with pytest.raises(WorkbenchError, match="above zero"):
        psp_at_k(np.zeros((2, 3)), np.zeros((2, 3)), [0.5, 0.5, 0.0], 1)
    with pytest.raises(WorkbenchError, match="over='some'"):
        macro_precision_at_k(np.zeros((2, 3)), np.ones((2, 3)), 1, "some")


def test_propensity_gains_of_each_document_are_a_plain_loop():
    rng = np.random.default_rng(5)
    scores, gold, weights = rng.random((20, 9)), rng.random((20, 9)) < 0.3, 1 / rng.uniform(0.1, 1, 9)
    gold[0] = False
    gained, best = rank(scores, gold, 4).propensity_gains(1 / weights, 4)
    for row in range(20):
        first = np.argsort(-scores[row])[:4]
        assert gained[row] == pytest.approx(sum(weights[label] for label in first if gold[row, label]))
        assert best[row] == pytest.approx(np.sort(weights[gold[row]])[::-1][:4].sum())


@pytest.mark.parametrize("k", [1, 3, 9])
def test_a_ranking_from_its_first_labels_is_that_from_scores(k):
    generator = np.random.default_rng(5)
    scores = generator.integers(0, 4, size=(30, 7)) / 4  # with many ties
    gold = generator.random((30, 7)) < 0.3
    gold[3] = False
    whole, known = rank(scores, gold, k), ranked(top_k(scores, min(k, 7)), gold, k)
    for name in ("labels", "hits", "sizes"):
        np.testing.assert_array_equal(getattr(known, name), getattr(whole, name))
    assert known.depth == whole.depth


@pytest.mark.parametrize("labels", [[[0, 3]], [[-1, 0]], [[0]], [[0, 1], [1, 2]]])
def test_first_labels_that_cannot_be_are_refused(labels):
    with pytest.raises(WorkbenchError):
        ranked(np.array(labels, dtype=np.int32), np.array([[1, 0, 1]]), 2)
