from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis.combinations import combination_table, unseen_combinations
from workbench.metrics import label_combinations

TRAIN = [[1, 0, 0], [0, 1, 0], [1, 1, 0]]
GOLD = [[1, 0, 1], [1, 1, 0], [0, 0, 1], [1, 0, 1], [0, 0, 0]]
PREDICTED = [[1, 0, 1], [1, 1, 0], [1, 0, 1], [0, 0, 0], [0, 1, 1]]


def rows(values: list[list[int]]) -> sparse.csr_array:
    return sparse.csr_array(np.array(values, dtype=np.uint8).reshape(len(values), 3))


def test_combinations_by_hand():
    table = combination_table({"run": rows(PREDICTED)}, rows(GOLD), rows(TRAIN)).set_index("name")
    columns = ["combinations", "seen", "unseen", "documents_unseen", "documents_empty", "subset_accuracy"]
    assert list(table.columns) == columns
    assert table.loc["gold"].tolist() == [3, 1, 2, 3, 1, 1.0]
    assert table.loc["run"].tolist() == [3, 1, 2, 3, 1, 0.4]


def test_numbers_are_those_of_the_metric():
    generator = np.random.default_rng(0)
    predicted, gold, train = (
        sparse.csr_array((generator.random((n, 6)) < 0.3).astype(np.uint8)) for n in (80, 80, 50)
    )
    row = combination_table({"run": predicted}, gold, train).set_index("name").loc["run"]
    metric = label_combinations(predicted, gold, train)
    assert row["combinations"] == metric.predicted
    assert (row["unseen"], row["documents_unseen"]) == (metric.unseen, metric.documents_unseen)
    assert row["documents_empty"] == metric.documents_empty


def test_without_training_nothing_is_said_of_what_is_new():
    table = combination_table({"run": rows(PREDICTED)}, rows(GOLD), None)
    assert table[["seen", "unseen", "documents_unseen"]].isna().all().all()
    assert table["combinations"].tolist() == [3, 3]


def test_the_most_frequent_unseen_combination_comes_first_with_how_often_it_is_right():
    table = unseen_combinations(rows(PREDICTED), rows(GOLD), rows(TRAIN), ["ant", "bee", "cat"])
    assert table["combination"].tolist() == ["ant, cat", "bee, cat"]
    assert table.iloc[0].tolist() == ["ant, cat", 2, 2, 1, 0.5, 2]
    assert table.iloc[1].tolist() == ["bee, cat", 2, 1, 0, 0.0, 0]


@pytest.mark.parametrize("predicted", [[[0, 0, 0]] * 5, [[1, 1, 0]] * 5], ids=["empty", "seen"])
def test_a_run_without_unseen_combinations_has_an_empty_table(predicted):
    assert unseen_combinations(rows(predicted), rows(GOLD), rows(TRAIN), ["a", "b", "c"]).empty


def test_empty_predictions_are_no_combination():
    table = combination_table({"run": rows([[0, 0, 0]] * 5)}, rows(GOLD), rows(TRAIN)).set_index("name")
    assert table.loc["run"].tolist() == [0, 0, 0, 0, 5, 0.2]
