from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import f1_score, precision_score, recall_score

from tests.training_sets import give_gold
from workbench.analysis.frequency_kinds import group_bounds, labels_by_frequency
from workbench.analysis.group_f1 import GROUPS, group_f1_table, group_sizes
from workbench.analysis.predicted_sets import label_matrix, threshold_of
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


def test_bounds_are_table_6s_on_the_papers_own_corpus():
    groups = labels_by_frequency(np.array([3000, 2999, 1000, 999, 1, 0]), group_bounds("paper", 53_840))
    assert {name: labels.tolist() for name, labels in groups.items()} == {
        "head": [0],
        "mid": [1, 2],
        "tail": [3, 4, 5],  # the last is never seen in training
    }


def test_sizes_count_labels_and_documents_with_any_of_them():
    train = np.zeros((100, 4), dtype=np.uint8)
    train[:50, 0] = train[:3, 1] = train[2:4, 2] = 1  # 50, 3 and 2 documents; the last label has none
    test = np.array([[1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0]], dtype=np.uint8)
    assert group_bounds("paper", 100) == (6, 2)
    table = group_sizes(sparse.csr_array(train), sparse.csr_array(test)).set_index("group")
    assert table["labels"].to_dict() == {"head": 1, "mid": 2, "tail": 1}
    assert table["train documents"].to_dict() == {"head": 50, "mid": 4, "tail": 0}
    assert table["test documents"].to_dict() == {"head": 1, "mid": 2, "tail": 1}
    assert table["training documents of a label"].tolist() == ["6 or more", "2 to 5", "fewer than 2"]


def test_each_group_is_as_sklearn_counts_its_labels(run_factory):
    path = run_factory("dil-0")
    give_gold(path)
    run = Run.load(path)
    table = group_f1_table(run).set_index("group")
    groups = {"all": np.arange(12), **labels_by_frequency(run.train_counts, group_bounds("paper", 240))}
    assert list(table.index) == [name for name in GROUPS if len(groups[name])]
    gold = label_matrix(run.predictions["gold_labels"].to_numpy(), 12).toarray()
    predicted = np.asarray(run.scores) >= threshold_of(run)
    scores = {"precision": precision_score, "recall": recall_score, "F1": f1_score}
    for name, row in table.iterrows():
        labels = groups[str(name)]
        assert row["labels"] == len(labels)
        for what, score in scores.items():
            found = score(gold[:, labels].ravel(), predicted[:, labels].ravel(), zero_division=0)
            assert row[f"micro_{what}"] == pytest.approx(found)


def test_a_run_that_is_not_done_has_no_groups(run_factory):
    with pytest.raises(WorkbenchError, match="only a finished run has predictions"):
        group_f1_table(Run.load(run_factory("a", end="stopped")))
