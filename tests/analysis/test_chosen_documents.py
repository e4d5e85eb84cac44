from __future__ import annotations

import numpy as np
import pytest

from tests.tested_runs import write_tested_run
from workbench.analysis.chosen_documents import LABELS_SHOWN, chosen_documents, texts_at_rows
from workbench.errors import WorkbenchError

GOLD = np.array([[1, 0, 1], [0, 0, 0], [0, 1, 0]])
SCORES = np.array([[0.9, 0.2, 0.6], [0.1, 0.3, 0.2], [0.5, 0.75, 0.1]])


@pytest.fixture
def run(workspace):
    return write_tested_run(workspace.runs, "a", SCORES, GOLD)


def test_documents_have_gold_labels_and_predicted_ones_with_scores_in_the_order_asked_for(run, workspace):
    strict = write_tested_run(workspace.runs, "b", SCORES, GOLD, threshold=[0.95, 0.7, 0.6])
    table = chosen_documents([run, strict], [2, 0, 1], ["two", "zero", "one"])
    assert table["id"].tolist() == ["d2", "d0", "d1"]
    assert table["text"].tolist() == ["two", "zero", "one"]
    assert table["gold_labels"].tolist() == ["L1", "L0, L2", ""]
    assert table["a predicted"].tolist() == ["L1 0.75, L0 0.50", "L0 0.90, L2 0.60", "none (best: L1 0.30)"]
    assert table["b predicted"].tolist() == ["L1 0.75", "L2 0.60", "none (best: L1 0.30)"]


def test_none_and_without_texts(run):
    table = chosen_documents([run], [])
    assert table.columns.tolist() == ["id", "gold_labels", "a predicted"]
    assert table.empty


def test_of_many_predicted_labels_the_best_are_told(workspace):
    scores = np.linspace(0.6, 0.9, LABELS_SHOWN + 3)[None]
    run = write_tested_run(workspace.runs, "a", scores, np.ones_like(scores))
    (told,) = chosen_documents([run], [0])["a predicted"]
    assert told.startswith("L12 0.90, L11 ")
    assert told.endswith(" and 3 more")
    assert told.count(",") == LABELS_SHOWN - 1


def test_a_row_that_is_not_there_is_named(run):
    with pytest.raises(WorkbenchError, match="'a' has 3 test documents; none is at row 3"):
        chosen_documents([run], [1, 3])


def test_texts_come_from_the_corpus_as_it_was(workspace, toy_corpus):
    corpus = toy_corpus
    gold = corpus.test.targets.toarray()
    run = write_tested_run(
        workspace.runs,
        "a",
        np.full(gold.shape, 0.4),
        gold,
        ids=list(corpus.test.ids),
        labels=list(corpus.labels),
    )
    assert texts_at_rows(run, [3, 0], corpus) == [corpus.test.texts[3], corpus.test.texts[0]]
    gold[0] = 1 - gold[0]
    other = write_tested_run(
        workspace.runs,
        "b",
        np.full(gold.shape, 0.4),
        gold,
        ids=list(corpus.test.ids),
        labels=list(corpus.labels),
    )
    with pytest.raises(WorkbenchError, match="has changed since this run"):
        texts_at_rows(other, [0], corpus)
