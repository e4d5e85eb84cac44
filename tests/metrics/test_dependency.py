import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics import (
    conditional_divergence,
    conditional_probabilities,
    label_combinations,
    subset_accuracy,
    threshold_scores,
)


def counted(targets) -> tuple[np.ndarray, np.ndarray]:
    """Documents of each label and of each pair, by plain loops."""
    documents, labels = np.shape(targets)
    single, together = np.zeros(labels), np.zeros((labels, labels))
    for row in range(documents):
        for a in range(labels):
            single[a] += targets[row][a]
            for b in range(labels):
                together[a, b] += a != b and targets[row][a] and targets[row][b]
    return single, together


def smoothed(targets, smoothing: float) -> np.ndarray:
    single, together = counted(targets)
    labels = len(single)
    p = np.full((labels, labels), np.nan)
    for a in range(labels):
        for b in range(labels):
            if a != b and single[a] + smoothing:
                p[a, b] = (together[a, b] + smoothing / (labels - 1)) / (single[a] + smoothing)
    return p


def diverged(gold, predicted, smoothing: float) -> float:
    p, q, total = smoothed(gold, smoothing), smoothed(predicted, smoothing), 0.0
    for a, b in zip(*np.nonzero(counted(gold)[1]), strict=True):
        if not q[a, b] > 0:
            return math.inf
        total += p[a, b] * math.log(p[a, b] / q[a, b])
    return total


@settings(deadline=None, max_examples=60)
@given(data=st.data(), smoothing=st.sampled_from([0.0, 0.5, 1.0, 3.0]))
def test_against_plain_loops(data, smoothing, score_tables, gold_forms):
    scores, gold = data.draw(score_tables())
    predicted = scores >= 0.5
    form_of = st.sampled_from(gold_forms)
    found = conditional_probabilities(data.draw(form_of)(gold), smoothing)
    single, together = counted(gold)
    assert found.given.tolist() == single.tolist()
    assert found.together.tolist() == together.tolist()
    np.testing.assert_allclose(found.probability, smoothed(gold, smoothing), rtol=1e-12)
    divergence = conditional_divergence(data.draw(form_of)(gold), data.draw(form_of)(predicted), smoothing)
    assert divergence == pytest.approx(diverged(gold, predicted, smoothing), abs=1e-12)
    from_scores = conditional_divergence(gold, threshold_scores(scores, 0.5), smoothing)
    assert from_scores == pytest.approx(divergence, abs=1e-12)


def test_a_divergence_worked_out_by_hand():
    # gold: label 0 on 2 documents, with label 1 on one of them; predicted: never together
    gold, predicted = [[1, 1, 0], [1, 0, 0]], [[1, 0, 0], [1, 0, 0]]
    assert conditional_probabilities(gold).probability[0, 1] == 0.5
    assert conditional_probabilities(gold).probability[1, 0] == 1.0
    # smoothing 1 adds 1/2 to each pair and 1 to each label, so the pairs are 1.5/3 | 0.5/3 and 1.5/2 | 0.5/1
    expected = 0.5 * math.log(0.5 / (0.5 / 3)) + 0.75 * math.log(0.75 / 0.5)
    assert conditional_divergence(gold, predicted, 1.0) == pytest.approx(expected)
    assert conditional_divergence(gold, predicted, 0.0) == math.inf


def test_the_direction_is_from_gold_to_predicted():
    one, other = [[1, 1], [1, 0], [1, 0], [0, 1]], [[1, 1], [1, 1], [1, 0], [0, 1]]
    assert conditional_divergence(one, other) != pytest.approx(conditional_divergence(other, one))
    assert conditional_divergence(one, other) == pytest.approx(diverged(one, other, 1.0))


@pytest.mark.parametrize("smoothing", [0.0, 1.0])
@pytest.mark.parametrize(
    "same", [np.zeros((3, 4)), np.ones((3, 4)), np.ones((1, 1)), np.eye(3), [[1, 1, 0], [0, 1, 1]]]
)
def test_equal_sets_do_not_diverge(same, smoothing):
    assert conditional_divergence(same, same, smoothing) == 0.0


def test_a_label_never_predicted_diverges_finitely_with_smoothing_alone():
    gold, predicted = [[1, 1, 0], [1, 1, 1]], [[1, 0, 1], [1, 0, 1]]
    assert conditional_divergence(gold, predicted) == pytest.approx(diverged(gold, predicted, 1.0))
    assert conditional_divergence(gold, predicted, 0.0) == math.inf
    unknown = conditional_probabilities(predicted).probability[1]
    assert np.isnan(unknown).all()
    assert conditional_probabilities(predicted, 1.0).probability[1, 0] == 0.5


def test_thousands_of_labels_are_counted_sparsely():
    generator = np.random.default_rng(0)
    gold, predicted = (
        sparse.random_array((3_000, 60_000), density=5e-5, rng=generator).astype(bool) for _ in range(2)
    )
    assert conditional_divergence(gold, predicted) > 0  # a dense (L, L) would take 14 GB


def test_combinations_by_hand():
    train = [[1, 0, 0], [1, 1, 0], [0, 0, 0]]
    gold = [[1, 0, 0], [1, 1, 1], [1, 1, 1], [0, 1, 1], [0, 0, 0]]
    predicted = [[1, 0, 0], [1, 1, 1], [1, 1, 0], [0, 0, 1], [0, 0, 0]]
    found = label_combinations(predicted, gold, train)
    assert (found.predicted, found.gold, found.unseen) == (4, 3, 2)
    assert (found.documents_unseen, found.documents_empty) == (2, 1)
    assert found.documents_gold_unseen == 3
    assert found.subset_accuracy_gold_unseen == pytest.approx(1 / 3)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_combinations_against_plain_sets(data, score_tables, gold_forms):
    scores, gold = data.draw(score_tables())
    predicted, train = scores >= 0.5, gold[: data.draw(st.integers(1, len(gold)))]
    form_of = st.sampled_from(gold_forms)
    found = label_combinations(*(data.draw(form_of)(one) for one in (predicted, gold, train)))
    rows = [[frozenset(np.flatnonzero(row).tolist()) for row in one] for one in (predicted, gold, train)]
    sets, truth, shown = rows
    assert found.predicted == len(set(sets) - {frozenset()})
    assert found.gold == len(set(truth) - {frozenset()})
    assert found.unseen == len(set(sets) - set(shown) - {frozenset()})
    assert found.documents_unseen == sum(bool(one) and one not in shown for one in sets)
    assert found.documents_empty == sets.count(frozenset())
    unseen = [place for place, one in enumerate(truth) if one and one not in shown]
    assert found.documents_gold_unseen == len(unseen)
    expected = subset_accuracy(predicted[unseen], gold[unseen]) if unseen else math.nan
    assert found.subset_accuracy_gold_unseen == pytest.approx(expected, nan_ok=True)


def test_mistakes_say_what_was_given():
    with pytest.raises(WorkbenchError, match="gold have 2 labels but predicted have 3"):
        conditional_divergence(np.ones((2, 2)), np.ones((2, 3)))
    with pytest.raises(WorkbenchError, match="predicted have 2 labels but train have 3"):
        label_combinations(np.ones((2, 2)), np.ones((2, 2)), np.ones((2, 3)))
    with pytest.raises(WorkbenchError, match="2 documents but gold have 4"):
        label_combinations(np.ones((2, 2)), np.ones((4, 2)), np.ones((2, 2)))
    for wrong in (-1.0, math.nan):
        with pytest.raises(WorkbenchError, match="smoothing="):
            conditional_divergence(np.ones((2, 2)), np.ones((2, 2)), wrong)
    with pytest.raises(WorkbenchError, match="targets hold 2"):
        conditional_probabilities([[2, 0]])
