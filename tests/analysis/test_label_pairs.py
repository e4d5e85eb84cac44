from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from tests.tested_runs import write_tested_run
from workbench.analysis import label_pairs
from workbench.analysis.cooccurrence import cooccurrence
from workbench.analysis.label_pairs import (
    SHUFFLED,
    SHUFFLES,
    TRAINING,
    divergence_table,
    in_order,
    most_connected,
    pair_arrays,
    pair_differences,
    read_label_rows,
    shuffle,
)
from workbench.errors import WorkbenchError
from workbench.metrics import conditional_divergence

# Label 0 is on documents 0 to 3, 1 on 0 and 1, 2 on 2; 3 is alone on document 4, and 4 on none.
GOLD = [[1, 1, 0, 0, 0], [1, 1, 0, 0, 0], [1, 0, 1, 0, 0], [1, 0, 0, 0, 0], [0, 0, 0, 1, 0]]
PREDICTED = [[1, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0], [1, 0, 0, 1, 0]]


def rows(values: list[list[int]]) -> sparse.csr_array:
    return sparse.csr_array(np.array(values, dtype=np.uint8))


def test_the_most_connected_labels_are_those_with_most_others_beside_them():
    found = cooccurrence(rows(GOLD))
    assert most_connected(found, 2).tolist() == [0, 1]
    assert most_connected(found, 3).tolist() == [0, 1, 2]
    assert most_connected(found, 10).tolist() == [0, 1, 2, 3]  # the label of no document is left out
    assert most_connected(cooccurrence(rows([[0, 0]])), 5).tolist() == []


def test_labels_stand_in_the_order_that_was_asked_for():
    found, labels, names = cooccurrence(rows(GOLD)), np.array([0, 1, 2, 3]), ["d", "c", "b", "a", "e"]
    assert in_order(found, labels, names, "by frequency").tolist() == [0, 1, 2, 3]
    assert in_order(found, labels, names, "alphabetical").tolist() == [3, 2, 1, 0]
    clustered = in_order(found, labels, names, "clustered").tolist()
    assert sorted(clustered) == [0, 1, 2, 3]
    assert abs(clustered.index(0) - clustered.index(1)) == 1
    assert in_order(found, labels[:0], names, "clustered").tolist() == []
    with pytest.raises(WorkbenchError, match="at most 200"):
        in_order(found, np.zeros(201, np.intp), names, "clustered")


def test_arrays_of_pairs_by_hand():
    gold, predicted = cooccurrence(rows(GOLD)), cooccurrence(rows(PREDICTED))
    found = pair_arrays(gold, predicted, np.array([1, 0, 2]))
    nan = math.nan
    np.testing.assert_array_equal(found["gold"], [[nan, 1, 0], [0.5, nan, 0.25], [0, 1, nan]])
    np.testing.assert_array_equal(found["predicted"], [[nan, 1, 0], [0.5, nan, 0], [nan, nan, nan]])
    np.testing.assert_array_equal(found["difference"], [[nan, 0, 0], [0, nan, -0.25], [nan, nan, nan]])
    np.testing.assert_array_equal(found["gold_given"][1], [4, nan, 4])
    np.testing.assert_array_equal(found["predicted_together"][1], [2, nan, 0])
    table = pair_differences(found, ["one", "zero", "two"])
    assert len(table) == 6
    first = table.iloc[0]
    assert (first["label_a"], first["label_b"], first["difference"]) == ("zero", "two", -0.25)
    assert (first["gold_documents_a"], first["gold_together"], first["predicted_together"]) == (4, 1, 0)
    assert table["difference"].isna().tolist() == [False] * 4 + [True] * 2


def test_shuffled_labels_are_as_frequent_and_forget_each_other():
    targets = sparse.csr_array(np.tile(np.array([[1, 1, 0], [0, 0, 1]], np.uint8), (200, 1)))
    found = shuffle(targets, 0)
    np.testing.assert_array_equal(found.sum(axis=0), [200, 200, 200])
    assert found.toarray().max() == 1
    together = int((found.toarray()[:, :2].sum(axis=1) == 2).sum())
    assert 60 < together < 140  # 200 in the targets, 100 by chance
    assert (shuffle(targets, 0) != found).nnz == 0
    assert shuffle(rows([[0, 0]]), 0).nnz == 0


def test_divergences_stand_beside_shuffled_and_training_labels():
    gold, predicted = rows(GOLD), rows(PREDICTED)
    table = divergence_table({"right": gold, "run": predicted}, gold, predicted)
    values = table.set_index("name")["divergence"]
    assert values["right"] == 0
    assert values["run"] == values[TRAINING] == conditional_divergence(gold, predicted, 1.0)
    draws = [conditional_divergence(gold, shuffle(gold, seed)) for seed in range(SHUFFLES)]
    assert values[SHUFFLED] == pytest.approx(np.mean(draws))
    assert table["divergence"].abs().is_monotonic_increasing
    assert set(table.loc[~table["is_run"], "name"]) == {SHUFFLED, TRAINING}
    assert TRAINING not in set(divergence_table({}, gold)["name"])


def test_label_rows_are_those_at_the_runs_threshold(workspace):
    scores = np.where(np.array(PREDICTED) > 0, 0.7, 0.3)
    run = write_tested_run(workspace.runs, "run", scores, GOLD, threshold=0.6)
    found = read_label_rows(run)
    np.testing.assert_array_equal(found.gold.toarray(), GOLD)
    np.testing.assert_array_equal(found.predicted.toarray(), PREDICTED)
    assert found.ids.tolist() == ["d0", "d1", "d2", "d3", "d4"]


def test_too_many_predicted_labels_are_refused(workspace, monkeypatch):
    run = write_tested_run(workspace.runs, "all", np.ones((5, 5)), GOLD)
    monkeypatch.setattr(label_pairs, "_PAIRS_AT_MOST", 124)
    with pytest.raises(WorkbenchError, match="'all' predicts 5 labels a document"):
        read_label_rows(run)
