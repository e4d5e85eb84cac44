from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import f1_score

from workbench.analysis.frequency_f1 import METRICS, f1_table, label_groups
from workbench.errors import WorkbenchError
from workbench.metrics import confusion


def test_groups_go_from_frequent_to_rare_and_the_unseen_stand_apart():
    counts = np.array([5, 0, 100, 7, 0, 1])
    assert [group.tolist() for group in label_groups(counts, 2)] == [[2, 3], [0, 5], [1, 4]]
    assert [group.tolist() for group in label_groups(counts, 9)] == [[2], [3], [0], [5], [1, 4]]
    assert [group.tolist() for group in label_groups(np.array([3]), 4)] == [[0]]
    assert [group.tolist() for group in label_groups(np.array([0, 0]), 4)] == [[0, 1]]
    with pytest.raises(WorkbenchError):
        label_groups(counts, 0)


def test_f1_of_each_group_is_scikit_learns():
    generator = np.random.default_rng(3)
    predicted, gold = (generator.random((60, 8)) < share for share in (0.3, 0.2))
    gold[:, 5] = False  # no test document has it
    counts = np.array([50, 40, 30, 20, 10, 5, 2, 0])
    table = f1_table(confusion(predicted, gold), counts, 3).set_index("bin")
    for number, labels in enumerate([[0, 1, 2], [3, 4], [5, 6], [7]], start=1):
        each = np.array([f1_score(gold[:, one], predicted[:, one], zero_division=0) for one in labels])
        row = table.loc[number]
        assert row["macro_F1"] == pytest.approx(np.mean(each))
        tested = gold[:, labels].any(axis=0)
        assert row["macro_F1_gold"] == pytest.approx(np.mean(each[tested]))
        micro = f1_score(gold[:, labels].ravel(), predicted[:, labels].ravel(), zero_division=0)
        assert row["micro_F1"] == pytest.approx(micro)
        assert (row["labels"], row["tested"]) == (len(labels), tested.sum())
        assert (row["most"], row["least"]) == (counts[labels].max(), counts[labels].min())


def test_empty_predictions_have_no_f1_and_untested_groups_none_to_say():
    gold = np.array([[1, 0], [1, 0]])
    table = f1_table(confusion(np.zeros((2, 2)), gold), np.array([4, 2]), 2)
    assert table["macro_F1"].tolist() == table["micro_F1"].tolist() == [0, 0]
    assert table["macro_F1_gold"][0] == 0
    assert math.isnan(table["macro_F1_gold"][1])
    assert list(table.columns) == ["bin", "labels", "most", "least", "tested", *METRICS]
