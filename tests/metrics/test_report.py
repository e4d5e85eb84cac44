import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import f1_score

from workbench import metrics as m
from workbench.errors import WorkbenchError


def example(n=60, n_labels=12, seed=0):
    rng = np.random.default_rng(seed)
    frequency = 0.6 / np.arange(1, n_labels + 1)
    train, gold = rng.random((300, n_labels)) < frequency, rng.random((n, n_labels)) < frequency
    train[:, -1] = False  # a label that training never shows
    gold[::9] = False  # documents without labels
    scores = (rng.random((n, n_labels)) + 0.4 * gold).astype(np.float32)
    return scores, gold, train


def test_a_report_holds_what_each_function_says():
    scores, gold, train = example()
    report = m.evaluate(scores, sparse.csr_array(gold), train_targets=train, threshold=0.8, ks=(1, 4))
    predicted, p = m.apply_threshold(scores, 0.8), m.propensities(train)
    expected = {}
    for k in (1, 4):
        expected |= {
            f"P@{k}": m.precision_at_k(scores, gold, k),
            f"R@{k}": m.recall_at_k(scores, gold, k),
            f"nDCG@{k}": m.ndcg_at_k(scores, gold, k),
            f"PSP@{k}": m.psp_at_k(scores, gold, p, k),
            f"macro_P@{k}": m.macro_precision_at_k(scores, gold, k),
        }
    names = ("precision", "recall", "F1")
    expected |= {
        f"micro_{name}": value for name, value in zip(names, m.micro_prf(predicted, gold), strict=True)
    }
    expected |= {
        f"macro_{name}": value for name, value in zip(names, m.macro_prf(predicted, gold), strict=True)
    }
    expected |= {
        "macro_F1_gold": m.macro_prf(predicted, gold, over="gold").f1,
        "hamming_loss": m.hamming_loss(predicted, gold),
        "subset_accuracy": m.subset_accuracy(predicted, gold),
        "example_F1": m.example_f1(predicted, gold),
    }
    assert report["overall"] == pytest.approx(expected)
    assert report["documents"] == 60
    assert report["documents_without_labels"] == int((~gold.any(axis=1)).sum()) > 0


def test_groups_are_scored_on_their_own_labels():
    scores, gold, train = example()
    report = m.evaluate(scores, gold, train_targets=train, threshold=0.8, ks=(3,))
    groups, predicted = m.frequency_groups(train), scores >= 0.8
    assert report["groups"]["unseen"]["labels"] == 1
    assert sum(group["labels"] for group in report["groups"].values()) == 12
    for name, labels in groups.items():
        got = report["groups"][name]
        inside = np.zeros(12, dtype=bool)
        inside[labels] = True
        assert got["gold"] == gold[:, inside].sum()
        for average in ("macro", "micro"):
            f1 = f1_score(gold, predicted, average=average, labels=labels, zero_division=0)
            assert got[f"{average}_F1"] == pytest.approx(f1)
        top = [set(row) for row in m.top_k(scores, 3).tolist()]
        found = sum(j in top[i] for i in range(60) for j in labels if gold[i, j])
        assert got["R@3"] == pytest.approx(found / gold[:, inside].sum())


def test_the_label_table_leaves_undefined_values_open():
    gold = np.array([[1, 0, 0, 1], [1, 0, 0, 0]])
    predicted = np.array([[1, 1, 0, 0], [0, 0, 0, 0]])
    table = m.label_table(predicted, gold, [150, 30, 0, 2])
    assert table["group"].tolist() == ["head", "mid", "unseen", "tail"]
    assert table["train_count"].tolist() == [150, 30, 0, 2]
    assert table["test_count"].tolist() == [2, 0, 0, 1]
    assert table["predicted_count"].tolist() == [1, 1, 0, 0]
    nan = math.nan
    np.testing.assert_equal(table["precision"].tolist(), [1.0, 0.0, nan, nan])
    np.testing.assert_equal(table["recall"].tolist(), [0.5, nan, nan, 0.0])
    np.testing.assert_allclose(table["F1"].tolist(), [2 / 3, 0.0, nan, 0.0])


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_every_report_is_json(data, score_tables):
    scores, gold = data.draw(score_tables())
    train = data.draw(st.sampled_from([gold, np.zeros_like(gold), np.ones_like(gold)]))
    report = m.evaluate(scores, gold, train_targets=sparse.csr_array(train), threshold=0.5)
    assert json.loads(json.dumps(report, allow_nan=False)) == report
    assert [row["index"] for row in report["labels"]] == list(range(gold.shape[1]))
    values = [value for value in report["overall"].values() if value is not None]
    assert all(-1e-12 <= value <= 1 + 1e-12 for value in values)


def test_thresholds_by_label_are_used():
    scores, gold, train = example()
    thresholds = m.tune_label_thresholds(scores, gold)
    by_label = m.evaluate(scores, gold, train_targets=train, threshold=thresholds)["overall"]
    fixed = m.evaluate(scores, gold, train_targets=train, threshold=0.5)["overall"]
    assert by_label["macro_F1"] > fixed["macro_F1"]


def test_mistakes_say_what_was_given():
    scores, gold, train = example()
    with pytest.raises(WorkbenchError, match="12 labels but train_targets have 11"):
        m.evaluate(scores, gold, train_targets=train[:, :11])
    with pytest.raises(WorkbenchError, match=r"scores have shape \(59, 12\)"):
        m.evaluate(scores[:59], gold, train_targets=train)
    scores[7, 2] = np.nan
    with pytest.raises(WorkbenchError, match="NaN in row 7"):
        m.evaluate(scores, gold, train_targets=train)


def test_counts_stand_for_a_training_split_that_is_not_at_hand():
    generator = np.random.default_rng(5)
    scores, targets = generator.random((30, 6)), generator.random((30, 6)) < 0.3
    train = generator.random((80, 6)) < 0.2
    counts = m.TrainCounts(train.sum(axis=0), 80)
    expected = m.evaluate(scores, targets, train_targets=train)
    assert m.evaluate(scores, targets, train_targets=counts) == expected
