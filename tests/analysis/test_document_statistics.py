from __future__ import annotations

import numpy as np
import pytest

from tests.tested_runs import plausible_scores, write_tested_run
from workbench.analysis.document_statistics import mean_of, parse_metric, run_statistics
from workbench.errors import WorkbenchError
from workbench.metrics import METRIC_NAMES, TrainCounts, evaluate

NAMES = [name.replace("@k", f"@{k}") for name in METRIC_NAMES for k in ((1, 3, 5) if "@" in name else (0,))]


def gold_sets(documents: int, labels: int) -> np.ndarray:
    """Label 0 is never gold, the first document has no label, the second has all others."""
    gold = np.random.default_rng(1).random((documents, labels)) < 0.3
    gold[:, 0] = gold[0] = False
    gold[1, 1:] = True
    return gold


def same(value: float, expected: float | None) -> bool:
    return value == pytest.approx(np.nan if expected is None else expected, rel=1e-12, nan_ok=True)


@pytest.mark.parametrize("documents, labels, threshold", [(40, 8, 0.6), (40, 3, 2.0), (2, 1, 0.5), (1, 6, 0)])
def test_without_drawing_every_metric_is_that_of_a_report(workspace, documents, labels, threshold):
    gold = gold_sets(max(documents, 2), labels)[:documents]
    run = write_tested_run(workspace.runs, "one", plausible_scores(gold, 0), gold, threshold=threshold)
    statistics = run_statistics(run, NAMES)
    overall = run.metrics["test"]["overall"]
    assert list(statistics) == NAMES
    assert set(NAMES) == set(overall)
    for name, statistic in statistics.items():
        assert statistic.documents == documents
        assert same(float(statistic(np.ones((1, documents)))[0]), overall[name]), name


def test_drawn_documents_give_what_a_report_of_them_gives(workspace):
    gold = gold_sets(25, 6)
    run = write_tested_run(workspace.runs, "one", plausible_scores(gold, 0), gold, threshold=0.55)
    statistics = run_statistics(run, NAMES)
    drawn = np.random.default_rng(2).integers(25, size=(4, 25))
    weights = np.array([np.bincount(rows, minlength=25) for rows in drawn], dtype=np.float64)
    for place, rows in enumerate(drawn):
        train = TrainCounts(run.train_counts, 100)
        overall = evaluate(run.scores[rows], gold[rows], train_targets=train, threshold=0.55)["overall"]
        for name, statistic in statistics.items():
            assert same(float(statistic(weights)[place]), overall[name]), name


def test_thresholds_of_single_labels_count(workspace):
    gold = gold_sets(30, 5)
    limits = [0.2, 0.4, 0.6, 0.8, 1.5]  # the last is never predicted
    run = write_tested_run(workspace.runs, "one", plausible_scores(gold, 0), gold, threshold=limits)
    value = run_statistics(run, ["macro_F1"])["macro_F1"](np.ones((1, 30)))[0]
    assert same(float(value), run.metrics["test"]["overall"]["macro_F1"])


def test_a_mean_leaves_out_documents_without_a_value():
    mean = mean_of([1.0, np.nan, 3.0])
    assert mean(np.array([[1.0, 1, 1], [3, 5, 1], [0, 3, 0]])) == pytest.approx([2, 1.5, np.nan], nan_ok=True)


def test_names_of_metrics():
    assert parse_metric("nDCG@10") == ("nDCG@k", 10)
    assert parse_metric("macro_F1") == ("macro_F1", 0)
    with pytest.raises(WorkbenchError, match="needs a number for its k, as in P@5"):
        parse_metric("P@k")
    with pytest.raises(WorkbenchError, match="Did you mean 'macro_F1'"):
        parse_metric("macro_f1")
