"""A stage that is solved gives a run like any other: history, thresholds, a model that predicts."""

from __future__ import annotations

import numpy as np
import pytest

import workbench
from workbench.errors import WorkbenchError
from workbench.metrics import tune_threshold
from workbench.probes.inference import Predictor
from workbench.training.inference import score_documents


@pytest.mark.parametrize("method", ["binary-relevance", "classifier-chain"])
def test_a_solved_run_is_complete(method: str, toy_corpus, workspace):
    run = workbench.fit(method, toy_corpus, device="cpu")
    assert run.status == "done"
    assert run.manifest["recipe"]["encoder"] == "tfidf"
    assert run.metrics["test"]["overall"]["micro_F1"] > 0.9
    assert set(run.history["phase"]) == {"train", "valid"}
    (train,) = run.history[run.history["phase"] == "train"].to_dict("records")
    assert train["loss"] == pytest.approx(train["loss/squared_hinge"])
    assert 0 < train["loss"] < 0.2
    (valid,) = run.history[run.history["phase"] == "valid"].to_dict("records")
    assert run.manifest["best"] == {
        "stage": "classification",
        "epoch": 0,
        "value": pytest.approx(valid["nDCG@5"]),
        "metric": "nDCG@5",
    }
    predictor = Predictor.load(run)
    scores = score_documents(predictor.method, predictor.method.encoder.prepare(toy_corpus.valid.texts))
    assert run.metrics["threshold"] == pytest.approx(tune_threshold(scores, toy_corpus.valid.targets))
    assert predictor.evaluate(toy_corpus)["overall"]["P@1"] == run.metrics["test"]["overall"]["P@1"]


def test_terms_come_from_the_training_split_alone(toy_corpus, workspace):
    run = workbench.fit("binary-relevance", toy_corpus, device="cpu", min_df=1, ngrams=1)
    words = {word for text in toy_corpus.train.texts for word in text.split()}
    encoder = Predictor.load(run).method.encoder
    assert set(encoder.terms) == words
    assert float(encoder.idf.max()) <= np.log((1 + len(toy_corpus.train)) / 2) + 1


def test_what_is_solved_twice_is_the_same(toy_corpus, workspace):
    one, other = (workbench.fit("binary-relevance", toy_corpus, device="cpu", name=name) for name in "ab")
    assert one.metrics == other.metrics


def test_a_wrong_encoder_leaves_no_run(toy_corpus, workspace):
    with pytest.raises(WorkbenchError, match="--encoder tfidf"):
        workbench.fit("binary-relevance", toy_corpus, encoder="cnn", device="cpu")
    assert not list(workspace.runs.glob("*"))
