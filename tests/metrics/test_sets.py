import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sk

from workbench.errors import WorkbenchError
from workbench.metrics import (
    confusion,
    example_f1,
    hamming_loss,
    macro_prf,
    micro_prf,
    subset_accuracy,
    threshold_scores,
)


def sklearn_prf(predicted, gold, average, zero_division=0, labels=None):
    return sk.precision_recall_fscore_support(
        gold, predicted, average=average, zero_division=zero_division, labels=labels
    )[:3]


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_against_scikit_learn(data, score_tables, gold_forms):
    scores, gold = data.draw(score_tables(min_labels=2))
    predicted = scores >= 0.5
    form_of = st.sampled_from(gold_forms)
    sets, targets = data.draw(form_of)(predicted), data.draw(form_of)(gold)
    zero = data.draw(st.sampled_from([0.0, 1.0]))
    assert hamming_loss(sets, targets) == pytest.approx(sk.hamming_loss(gold, predicted))
    assert subset_accuracy(sets, targets) == pytest.approx(sk.accuracy_score(gold, predicted))
    assert micro_prf(sets, targets, zero) == pytest.approx(sklearn_prf(predicted, gold, "micro", zero))
    macro = sklearn_prf(predicted, gold, "macro", zero)
    assert macro_prf(sets, targets, zero_division=zero) == pytest.approx(macro)
    assert example_f1(sets, targets, zero) == pytest.approx(sklearn_prf(predicted, gold, "samples", zero)[2])
    in_gold = np.flatnonzero(gold.any(axis=0))
    if in_gold.size:
        expected = sklearn_prf(predicted, gold, "macro", labels=in_gold)
        assert macro_prf(sets, targets, over="gold") == pytest.approx(expected)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_counts_are_a_plain_loop(data, score_tables):
    scores, gold = data.draw(score_tables())
    counts = confusion(threshold_scores(scores, 0.5), gold)
    n_documents, n_labels = gold.shape
    pairs = [(i, j) for i in range(n_documents) for j in range(n_labels)]
    correct = {(i, j) for i, j in pairs if scores[i, j] >= 0.5 and gold[i, j]}
    predicted = {(i, j) for i, j in pairs if scores[i, j] >= 0.5}
    truth = {(i, j) for i, j in pairs if gold[i, j]}
    for counted, chosen in [
        ((counts.document_correct, counts.label_correct), correct),
        ((counts.document_predicted, counts.label_predicted), predicted),
        ((counts.document_gold, counts.label_gold), truth),
    ]:
        assert counted[0].tolist() == [sum(i == row for i, _ in chosen) for row in range(n_documents)]
        assert counted[1].tolist() == [sum(j == label for _, j in chosen) for label in range(n_labels)]


def test_macro_f1_is_the_mean_of_f1_and_not_the_f1_of_the_means():
    predicted, gold = [[1, 1], [1, 0]], [[1, 1], [0, 1]]
    result = macro_prf(predicted, gold)
    assert result.precision == (1 / 2 + 1) / 2
    assert result.recall == (1 + 1 / 2) / 2
    assert result.f1 == pytest.approx((2 / 3 + 2 / 3) / 2)
    assert result.f1 != pytest.approx(
        2 * result.precision * result.recall / (result.precision + result.recall)
    )


def test_labels_absent_from_gold_and_prediction():
    predicted, gold = [[1, 0, 0], [1, 0, 1]], [[1, 0, 0], [1, 0, 0]]
    assert macro_prf(predicted, gold).f1 == pytest.approx(1 / 3)
    assert macro_prf(predicted, gold, over="gold").f1 == 1.0


def test_nothing_predicted_and_nothing_gold():
    empty = np.zeros((3, 4), dtype=bool)
    assert hamming_loss(empty, empty) == 0.0
    assert subset_accuracy(empty, empty) == 1.0
    assert micro_prf(empty, empty) == macro_prf(empty, empty) == (0.0, 0.0, 0.0)
    assert example_f1(empty, empty) == 0.0
    assert example_f1(empty, empty, zero_division=1.0) == 1.0
    assert math.isnan(macro_prf(empty, empty, over="gold").f1)


def test_one_document_one_label():
    assert micro_prf([[1]], [[1]]) == macro_prf([[1]], [[1]]) == (1.0, 1.0, 1.0)
    assert hamming_loss([[1]], [[0]]) == 1.0


def test_mistakes_say_what_was_given():
    with pytest.raises(
        WorkbenchError, match=r"predicted have shape \(2, 3\) but targets have shape \(3, 3\)"
    ):
        hamming_loss(np.zeros((2, 3)), np.zeros((3, 3)))
    with pytest.raises(WorkbenchError, match=r"predicted hold 0\.7 in row 0, label 1"):
        micro_prf(np.array([[0.0, 0.7]]), np.array([[0, 1]]))
