from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from tests.tested_runs import write_tested_run
from workbench.analysis.dependency import (
    label_dependency,
    read_label_sets,
    run_combinations,
    run_divergence,
)
from workbench.analysis.trained_on import corpus_of, trained_on
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.metrics import conditional_divergence, conditional_probabilities, label_combinations
from workbench.runs.store import Run


@pytest.fixture
def tested(workspace, toy_corpus):
    """A run on the toy corpus, by default with scores drawn at random."""

    def make(scores: np.ndarray | None = None, threshold=0.5, train_size: int | None = None) -> Run:
        shown = toy_corpus if train_size is None else toy_corpus.with_train_size(train_size, 3)
        gold = toy_corpus.test.targets.toarray()
        about = {"name": "toy", "fingerprint": shown.fingerprint, "split_id": toy_corpus.split_id}
        return write_tested_run(
            workspace.runs,
            f"toy-{train_size}",
            np.random.default_rng(0).random(gold.shape) if scores is None else scores,
            gold,
            seed=3,
            threshold=threshold,
            ids=list(toy_corpus.test.ids),
            corpus=about | {"n_train": len(shown.train)},
            config={"method": {}, "training": {"train_size": train_size}, "encoder": {}},
            recipe={"corpus": "toy"},
        )

    return make


def test_pairs_and_combinations_are_those_of_the_sets_at_the_runs_threshold(tested, toy_corpus):
    thresholds = np.linspace(0.7, 0.9, 10)
    run = tested(threshold=thresholds.tolist())
    gold, predicted = toy_corpus.test.targets.toarray(), run.scores >= thresholds
    found = label_dependency(run, toy_corpus)
    np.testing.assert_array_equal(found.gold.probability, conditional_probabilities(gold).probability)
    np.testing.assert_array_equal(found.predicted.together, conditional_probabilities(predicted).together)
    assert found.divergence == conditional_divergence(gold, predicted) == run_divergence(run)
    expected = label_combinations(predicted, gold, toy_corpus.train.targets)
    assert found.combinations == run_combinations(run, toy_corpus)
    assert vars(found.combinations) == pytest.approx(vars(expected), nan_ok=True)
    assert read_label_sets(run).ids.tolist() == list(toy_corpus.test.ids)


def test_a_run_that_is_always_right_does_not_diverge(tested, toy_corpus):
    found = label_dependency(tested(toy_corpus.test.targets.toarray()), toy_corpus)
    assert found.divergence == 0.0
    assert found.combinations.predicted == found.combinations.gold
    share = found.combinations.subset_accuracy_gold_unseen
    assert share == 1.0 or (math.isnan(share) and not found.combinations.documents_gold_unseen)


def test_a_run_that_predicts_nothing_has_empty_sets(tested, toy_corpus):
    run = tested(np.zeros((60, 10)))
    found = run_combinations(run, toy_corpus)
    assert (found.predicted, found.documents_empty) == (0, 60)
    assert run_divergence(run, smoothing=0) == math.inf


def test_only_the_training_documents_that_the_run_saw_count(tested, toy_corpus, workspace):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    run = tested(train_size=20)
    assert len(trained_on(run, toy_corpus).train) == len(corpus_of(run).train) == 20
    few, all_of_them = run_combinations(run, toy_corpus), run_combinations(tested(), toy_corpus)
    assert few.documents_gold_unseen > all_of_them.documents_gold_unseen


def test_another_corpus_is_refused(tested, toy_corpus):
    run = tested()
    with pytest.raises(WorkbenchError, match="'toy' has changed since toy-None was trained"):
        run_combinations(run, toy_corpus.with_train_size(100))


@pytest.mark.parametrize("end, remedy", [("running", "Wait until"), ("stopped", "--resume live")])
def test_an_unfinished_run_has_no_predictions(run_factory, end: str, remedy: str):
    run = Run.load(run_factory("live", end=end))
    with pytest.raises(WorkbenchError, match=rf"'live' is {end}: .*{remedy}"):
        run_divergence(run)


def test_predictions_that_do_not_fit_the_scores_are_refused(run_factory):
    path: Path = run_factory("cut")
    pd.read_parquet(path / "predictions.parquet").iloc[:-1].to_parquet(path / "predictions.parquet")
    with pytest.raises(WorkbenchError, match="29 predictions"):
        read_label_sets(Run.load(path))


def test_gold_is_what_predictions_kept(run_factory):
    run = Run.load(run_factory("one"))
    gold = read_label_sets(run).gold
    assert sparse.issparse(gold)
    lists = [gold[[row]].indices.tolist() for row in range(gold.shape[0])]
    assert lists == [list(labels) for labels in run.predictions["gold_labels"]]
