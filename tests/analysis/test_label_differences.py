from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score

from tests.tested_runs import plausible_scores, write_tested_run
from workbench.analysis.agreement import read_decisions
from workbench.analysis.label_differences import label_differences, label_metrics, most_changed
from workbench.analysis.significance import mcnemar
from workbench.errors import WorkbenchError

GOLD = (np.random.default_rng(9).random((60, 6)) < 0.3) & (np.arange(6) != 4)
"""No document has label 4."""


@pytest.fixture
def pair(workspace):
    return [
        write_tested_run(workspace.runs, name, plausible_scores(GOLD, number, right), GOLD)
        for number, (name, right) in enumerate({"a": 0.3, "b": 0.9}.items())
    ]


def compared(pair, metric="F1"):
    return label_differences(*pair, *map(read_decisions, pair), metric)


def test_labels_have_the_metric_of_both_runs_and_their_counts(pair):
    table = compared(pair)
    assert table["label"].tolist() == ["L0", "L1", "L2", "L3", "L5"]
    assert table["train_count"].tolist() == [1, 2, 3, 4, 6]
    assert table["test_count"].tolist() == GOLD.sum(axis=0)[[0, 1, 2, 3, 5]].tolist()
    for column, run in zip("ab", pair, strict=True):
        expected = f1_score(GOLD, run.scores >= 0.5, average=None, zero_division=0)
        assert table[column].to_numpy() == pytest.approx(expected[[0, 1, 2, 3, 5]])
    assert table["difference"].to_numpy() == pytest.approx((table["b"] - table["a"]).to_numpy())


def test_another_metric_and_its_test(pair):
    table = compared(pair, "precision")
    expected = precision_score(GOLD, pair[1].scores >= 0.5, average=None, zero_division=0)
    assert table["b"].to_numpy() == pytest.approx(expected[[0, 1, 2, 3, 5]])
    tests = mcnemar(*(run.scores >= 0.5 for run in pair), GOLD).set_index("label").loc[[0, 1, 2, 3, 5]]
    assert table["only_a"].tolist() == tests["first_right"].tolist()
    assert table["only_b"].tolist() == tests["second_right"].tolist()
    assert table["p_holm"].tolist() == tests["p_holm"].tolist()


def test_what_gained_and_lost_most(pair):
    table = compared(pair).assign(difference=[0.2, -0.1, 0.0, 0.5, -0.3])
    gained, lost = most_changed(table, most=1)
    assert (gained["label"].tolist(), lost["label"].tolist()) == (["L3"], ["L5"])
    gained, lost = most_changed(table)
    assert (gained["label"].tolist(), lost["label"].tolist()) == (["L3", "L0"], ["L5", "L1"])


def test_metrics_of_labels_are_named_f1_first(pair):
    assert label_metrics(pair[0]) == ["F1", "precision", "recall"]


def test_what_does_not_fit_is_said(pair, workspace):
    with pytest.raises(WorkbenchError, match="do not tell F7 of each of its 6 labels"):
        compared(pair, "F7")
    other = write_tested_run(workspace.runs, "c", plausible_scores(GOLD, 5), GOLD, labels=list("uvwxyz"))
    with pytest.raises(WorkbenchError, match="labels of c are not those of a"):
        compared([pair[0], other])
