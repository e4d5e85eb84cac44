import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from workbench.errors import WorkbenchError
from workbench.metrics import (
    apply_threshold,
    confusion,
    micro_prf,
    threshold_scores,
    tune_label_thresholds,
    tune_threshold,
)


def best_by_trying(scores, gold):
    """The highest threshold of the highest F1 among all scores there are, one by one."""
    best, best_f1 = None, -1.0
    for candidate in sorted(set(scores.ravel().tolist()), reverse=True):
        predicted = scores >= candidate
        f1 = 2 * int((predicted & gold).sum()) / (int(predicted.sum()) + int(gold.sum()))
        if f1 > best_f1:
            best, best_f1 = candidate, f1
    return best


@settings(deadline=None, max_examples=100)
@given(data=st.data())
def test_the_tuned_threshold_is_the_best_of_all(data, score_tables, gold_forms):
    scores, gold = data.draw(score_tables())
    targets = data.draw(st.sampled_from(gold_forms))(gold)
    if not gold.any():
        with pytest.raises(WorkbenchError, match="no label"):
            tune_threshold(scores, targets)
        return
    threshold = tune_threshold(scores, targets)
    assert threshold == best_by_trying(scores, gold.astype(bool))
    tuned = tune_label_thresholds(scores, targets)
    assert tuned.tolist() == [
        best_by_trying(scores[:, [j]], gold[:, [j]].astype(bool)) if gold[:, j].any() else threshold
        for j in range(gold.shape[1])
    ]


def test_no_threshold_beats_the_tuned_one_on_random_scores():
    rng = np.random.default_rng(0)
    gold = rng.random((80, 12)) < 0.2
    scores = (rng.random((80, 12)) + 0.5 * gold).astype(np.float32)
    tuned = micro_prf(threshold_scores(scores, tune_threshold(scores, gold)), gold).f1
    assert tuned >= max(micro_prf(threshold_scores(scores, t), gold).f1 for t in np.linspace(0, 1.5, 100))
    thresholds = tune_label_thresholds(scores, gold)
    per_label = confusion(threshold_scores(scores, thresholds), gold).per_label()[2]
    for label in range(12):
        best = max(f1_score(gold[:, label], scores[:, label] >= t) for t in scores[:, label])
        assert per_label[label] == pytest.approx(best)


def test_labels_with_too_few_positives_take_the_fallback():
    scores = np.array([[0.9, 0.6, 0.1], [0.8, 0.2, 0.3], [0.1, 0.4, 0.2]])
    gold = np.array([[1, 1, 0], [1, 0, 0], [0, 0, 0]])
    assert tune_label_thresholds(scores, gold).tolist() == [0.8, 0.6, tune_threshold(scores, gold)]
    assert tune_label_thresholds(scores, gold, fallback=0.5).tolist() == [0.8, 0.6, 0.5]
    assert tune_label_thresholds(scores, gold, fallback=0.5, min_positives=2).tolist() == [0.8, 0.5, 0.5]


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_apply_compares_the_exact_values(data, score_tables):
    scores, _ = data.draw(score_tables())
    n_labels = scores.shape[1]
    values = st.floats(allow_nan=False) | st.sampled_from([0.25, 0.5, np.nextafter(0.5, 1), 1e300, 1e-300])
    threshold = data.draw(values | st.lists(values, min_size=n_labels, max_size=n_labels))
    expected = scores.astype(np.float64) >= np.asarray(threshold)
    assert apply_threshold(scores, threshold).tolist() == expected.tolist()


def test_a_score_at_the_threshold_is_predicted():
    assert apply_threshold([[0.5, np.nextafter(0.5, 0)]]).tolist() == [[True, False]]
    assert apply_threshold([[0.9, 0.9]], [np.inf, -np.inf]).tolist() == [[False, True]]


def test_nan_scores_are_errors_that_name_the_row():
    scores, gold = np.zeros((6, 20)), np.ones((6, 20))
    scores[3, 18] = np.nan
    for read in (
        lambda: apply_threshold(scores),
        lambda: tune_threshold(scores, gold),
        lambda: tune_label_thresholds(scores, gold),
        lambda: threshold_scores(scores).columns(17, 20),
    ):
        with pytest.raises(WorkbenchError, match=r"NaN in row 3 \(label 18\)"):
            read()


def test_mistakes_say_what_was_given():
    with pytest.raises(WorkbenchError, match=r"shape \(2,\); expected one number, or \(3,\)"):
        apply_threshold(np.zeros((4, 3)), [0.5, 0.5])
    with pytest.raises(WorkbenchError, match="threshold is NaN"):
        apply_threshold(np.zeros((4, 3)), np.nan)
    with pytest.raises(WorkbenchError, match=r"scores have shape \(4, 3\) but targets have shape \(4, 2\)"):
        tune_label_thresholds(np.zeros((4, 3)), np.zeros((4, 2)))
