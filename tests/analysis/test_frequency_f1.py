from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import f1_score

from tests.tested_runs import write_tested_run
from workbench.analysis.frequency_f1 import (
    METRICS,
    f1_of_runs,
    f1_over_seeds,
    f1_table,
    frequency_table,
    label_groups,
)
from workbench.errors import WorkbenchError
from workbench.files import write_json
from workbench.runs.store import Run


@pytest.fixture
def tested(workspace):
    """Writes a run with these label sets."""

    def make(predicted, gold, counts, name: str = "run", **about) -> Run:
        scores = np.asarray(predicted, dtype=np.float32)
        return write_tested_run(workspace.runs, name, scores, gold, counts=np.array(counts), **about)

    return make


def test_groups_go_from_frequent_to_rare_and_the_unseen_stand_apart():
    counts = np.array([5, 0, 100, 7, 0, 1])
    assert [group.tolist() for group in label_groups(counts, 2)] == [[2, 3], [0, 5], [1, 4]]
    assert [group.tolist() for group in label_groups(counts, 9)] == [[2], [3], [0], [5], [1, 4]]
    assert [group.tolist() for group in label_groups(np.array([3]), 4)] == [[0]]
    assert [group.tolist() for group in label_groups(np.array([0, 0]), 4)] == [[0, 1]]
    with pytest.raises(WorkbenchError):
        label_groups(counts, 0)


def test_f1_of_each_group_is_scikit_learns(tested):
    generator = np.random.default_rng(3)
    predicted, gold = (generator.random((60, 8)) < share for share in (0.3, 0.2))
    gold[:, 5] = False  # no test document has it
    counts = np.array([50, 40, 30, 20, 10, 5, 2, 0])
    table = f1_table(tested(predicted, gold, counts), 3).set_index("bin")
    for number, labels in enumerate([[0, 1, 2], [3, 4], [5, 6], [7]], start=1):
        each = np.array([f1_score(gold[:, one], predicted[:, one], zero_division=0) for one in labels])
        row = table.loc[number]
        assert row["macro_F1"] == pytest.approx(np.mean(each))
        tested_labels = gold[:, labels].any(axis=0)
        assert row["macro_F1_gold"] == pytest.approx(np.mean(each[tested_labels]))
        micro = f1_score(gold[:, labels].ravel(), predicted[:, labels].ravel(), zero_division=0)
        assert row["micro_F1"] == pytest.approx(micro)
        assert (row["labels"], row["tested"]) == (len(labels), tested_labels.sum())
        assert (row["most"], row["least"]) == (counts[labels].max(), counts[labels].min())


def test_empty_predictions_have_no_f1_and_untested_groups_none_to_say(tested):
    table = f1_table(tested(np.zeros((2, 2)), [[1, 0], [1, 0]], [4, 2]), 2)
    assert table["macro_F1"].tolist() == table["micro_F1"].tolist() == [0, 0]
    assert table["macro_F1_gold"][0] == 0
    assert math.isnan(table["macro_F1_gold"][1])
    assert list(table.columns) == ["bin", "labels", "most", "least", "tested", *METRICS]


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda rows: rows[:-1], "11 labels, but it has 12"),
        (lambda rows: [{"F1": 0.5, "test_count": 1}] * len(rows), "do not tell 'predicted_count'"),
    ],
)
def test_metrics_without_whole_labels_are_refused(run_factory, damage, said):
    run = Run.load(run_factory())
    metrics = run.metrics
    metrics["test"]["labels"] = damage(metrics["test"]["labels"])
    write_json(run.path / "metrics.json", metrics)
    with pytest.raises(WorkbenchError, match=said):
        f1_table(Run.load(run.path), 4)


def test_runs_share_the_groups_of_the_one_with_most_training_documents(tested):
    gold = np.eye(3, dtype=int)
    whole = tested(gold, gold, [9, 5, 1], "whole", seed=0)
    part = tested(np.zeros((3, 3)), gold, [1, 2, 0], "part", seed=1)
    table = f1_of_runs([part, whole], 2).set_index(["run", "bin"])
    assert table.loc["part", ["labels", "most", "least", "tested"]].to_numpy().tolist() == [
        [2, 9, 5, 2],
        [1, 1, 1, 1],
    ]
    assert table["value"].tolist() == [0, 0, 1, 1]
    over = f1_over_seeds(table.reset_index())
    assert over[["mean", "n", "tested"]].to_numpy().tolist() == [[0.5, 2, 2], [0.5, 2, 1]]


def test_no_run_has_no_rows():
    assert f1_over_seeds(f1_of_runs([], 4)).empty


def test_each_label_stands_in_its_group_by_rank(tested):
    run = tested(np.zeros((1, 5)), [[1, 0, 0, 0, 0]], [4, 0, 9, 4, 7])
    table = frequency_table(run, 2)
    assert table["text"].tolist() == ["L2", "L4", "L0", "L3", "L1"]
    assert table["documents"].tolist() == [9, 7, 4, 4, 0]
    assert table["bin"].tolist() == [1, 1, 2, 2, 3]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
