from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse
from sklearn.metrics import cohen_kappa_score

from tests.tested_runs import plausible_scores, write_tested_run
from workbench.analysis.agreement import (
    LEVELS,
    Agreement,
    Decisions,
    Errors,
    agreement,
    agreement_table,
    document_agreement,
    errors,
    ranked_documents,
    read_decisions,
)
from workbench.errors import WorkbenchError

GOLD = np.array([[1, 0, 0], [0, 1, 1], [0, 0, 0], [1, 1, 1]])
A = np.array([[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
B = np.array([[0, 1, 0], [0, 1, 0], [0, 0, 0], [1, 1, 0]])


def decided(predicted: np.ndarray, gold: np.ndarray = GOLD, best: list[int] | None = None) -> Decisions:
    ids = np.array([f"d{row}" for row in range(len(gold))])
    first = np.array(best if best is not None else [0] * len(gold))
    return Decisions(ids, *(sparse.csr_array(one.astype(np.uint8)) for one in (gold, predicted)), first)


def by_loops(a: np.ndarray, b: np.ndarray) -> tuple[int, int, int, int]:
    """Both right, only a, only b, neither, from flags of being wrong."""
    counts = [0, 0, 0, 0]
    for one, other in zip(a.ravel().tolist(), b.ravel().tolist(), strict=True):
        counts[2 * int(one) + int(other)] += 1
    return counts[0], counts[1], counts[2], counts[3]


def counts_of(found: Agreement) -> tuple[int, int, int, int]:
    return found.both_right, found.only_a, found.only_b, found.neither


def test_decisions_by_hand():
    a, b = (errors(decided(one), "decisions") for one in (A, B))
    assert a.wrong.tolist() == [5, 8]
    assert b.wrong.tolist() == [0, 1, 5, 11]
    found = agreement(a, b)
    assert counts_of(found) == (7, 3, 1, 1)
    # 8 of 12 alike; by chance 10/12 * 8/12 + 2/12 * 4/12 = 88/144: (96 - 88) / (144 - 88)
    assert found.kappa == pytest.approx(8 / 56)
    assert found.correlation == pytest.approx((7 * 1 - 3 * 1) / math.sqrt(10 * 2 * 8 * 4))


def test_label_sets_and_best_labels_by_hand():
    assert errors(decided(A), "sets").wrong.tolist() == [1, 2]
    assert errors(decided(B), "sets").wrong.tolist() == [0, 1, 3]
    best = errors(decided(A, best=[0, 0, 0, 2]), "best")
    assert (best.wrong.tolist(), best.items) == ([1], 3)  # the third document has no gold label


@pytest.mark.parametrize("seed", range(5))
def test_counts_and_kappa_are_those_of_plain_loops_and_of_scikit_learn(seed):
    generator = np.random.default_rng(seed)
    gold, hard = (generator.random((40, 7)) < share for share in (0.3, 0.1))
    a, b = (gold ^ (hard & (generator.random((40, 7)) < 0.7)) for _ in range(2))
    wrong = {"decisions": (gold != a, gold != b)}
    wrong["sets"] = tuple(one.any(axis=1) for one in wrong["decisions"])  # type: ignore[assignment]
    for level, (in_a, in_b) in wrong.items():
        found = agreement(*(errors(decided(one, gold), level) for one in (a, b)))
        assert counts_of(found) == by_loops(in_a, in_b)
        assert found.kappa == pytest.approx(cohen_kappa_score(in_a.ravel(), in_b.ravel()))
        correlation = np.corrcoef(in_a.ravel().astype(float), in_b.ravel().astype(float))[0, 1]
        assert found.correlation == pytest.approx(correlation)


def test_the_same_run_agrees_with_itself_and_one_that_never_errs_has_no_correlation():
    a = errors(decided(A), "decisions")
    assert agreement(a, a).kappa == pytest.approx(1)
    right = errors(decided(GOLD), "decisions")
    assert agreement(a, right).kappa == 0
    assert math.isnan(agreement(a, right).correlation)
    assert math.isnan(agreement(right, right).kappa)


def test_no_document_and_no_label_are_no_error():
    for gold in (np.zeros((0, 3)), np.zeros((3, 0))):
        found = decided(gold, gold, best=[])
        for level in ("decisions", "sets"):
            assert not len(errors(found, level).wrong)
        assert document_agreement(found, found)["differ"].sum() == 0


def test_a_table_has_a_row_a_pair():
    found = {name: errors(decided(one), "sets") for name, one in (("a", A), ("b", B), ("c", GOLD))}
    table = agreement_table(found)
    assert table[["run_a", "run_b"]].to_numpy().tolist() == [["a", "b"], ["a", "c"], ["b", "c"]]
    assert table["items"].tolist() == [4, 4, 4]
    assert table["neither"].tolist() == [1, 0, 0]
    assert agreement_table({"a": found["a"]}).empty


def test_documents_by_hand():
    table = document_agreement(decided(A), decided(B))
    assert table["id"].tolist() == ["d0", "d1", "d2", "d3"]
    assert table["only_a"].tolist() == [2, 0, 0, 1]
    assert table["only_b"].tolist() == [0, 0, 1, 0]
    assert table["neither"].tolist() == [0, 1, 0, 0]
    assert table["differ"].tolist() == [2, 0, 1, 1]
    assert ranked_documents(table, "differ")["id"].tolist() == ["d0", "d2", "d3"]
    assert ranked_documents(table, "only_b")["id"].tolist() == ["d2"]
    assert ranked_documents(table, "neither")["id"].tolist() == ["d1"]


def test_of_as_many_labels_of_one_run_those_with_fewer_of_the_other_come_first():
    gold = np.zeros((2, 4))
    a, b = np.array([[0, 0, 0, 1], [0, 0, 0, 0]]), np.array([[1, 1, 0, 0], [1, 1, 0, 0]])
    table = document_agreement(decided(a, gold), decided(b, gold))
    assert table["only_a"].tolist() == [2, 2]
    assert ranked_documents(table, "only_a")["id"].tolist() == ["d1", "d0"]


def test_what_does_not_fit_is_said():
    with pytest.raises(WorkbenchError, match="decided 3 items, the other 4"):
        agreement(*(Errors(np.zeros(0, np.int64), items) for items in (3, 4)))
    with pytest.raises(WorkbenchError, match="'topics' is none of decisions, sets, best"):
        errors(decided(A), "topics")


def test_decisions_of_a_run_are_those_at_its_threshold(workspace):
    gold = np.random.default_rng(1).random((30, 5)) < 0.4
    scores = plausible_scores(gold, 2)
    run = write_tested_run(workspace.runs, "a", scores, gold, threshold=0.4)
    found = read_decisions(run)
    assert (found.predicted.toarray() == (run.scores >= 0.4)).all()
    assert (found.best == run.scores.argmax(axis=1)).all()
    assert (found.wrong.toarray() == (gold != (run.scores >= 0.4))).all()
    overall = run.metrics["test"]["overall"]
    kept = {level: errors(found, level) for level in LEVELS}
    assert len(kept["decisions"].wrong) / kept["decisions"].items == pytest.approx(overall["hamming_loss"])
    assert 1 - len(kept["sets"].wrong) / 30 == pytest.approx(overall["subset_accuracy"])
    assert 1 - len(kept["best"].wrong) / kept["best"].items == pytest.approx(overall["P@1"])
