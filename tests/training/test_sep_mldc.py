"""SEP-MLDC from a corpus to a run: the labels that are kept are those of the kept encoder."""

from __future__ import annotations

import logging

import numpy as np
import pytest
import torch

from workbench.data.corpus import Corpus
from workbench.methods.sep_mldc import SEPMLDC
from workbench.methods.sep_mldc_labels import described_labels
from workbench.methods.storage import load_method
from workbench.training import callbacks


@pytest.fixture
def complete_corpus(toy_corpus: Corpus) -> Corpus:
    """The toy corpus with labels described by their words and ten documents more, made of its first ones."""
    sentences = [f"word{label}x0 word{label}x1 word{label}x2" for label in range(10)]
    first = toy_corpus.train.take(range(10))
    ids = [f"g-{number}" for number in range(10)]
    described = toy_corpus.with_descriptions("toy-described", sentences, "")
    return described.with_generated("toy-complete", list(first.texts), first.targets, ids, "")


@pytest.mark.parametrize("settings", [{}, {"swa_start": 1}], ids=["", "weight averaging"])
@pytest.mark.parametrize("best", [0, 2])
def test_the_labels_that_are_kept_are_those_of_the_kept_encoder(
    train, complete_corpus, monkeypatch, best, settings
):
    scores = iter([0.9 if epoch == best else 0.1 for epoch in range(3)])
    judge = callbacks.evaluate

    def scored(*given, **more):
        return {"overall": judge(*given, **more)["overall"] | {"nDCG@5": next(scores)}}

    monkeypatch.setattr(callbacks, "evaluate", scored)
    settings = {"epochs": 3, "patience": 0, "labels_at_once": 4, "precision": "float32", **settings}
    run = train("sep-mldc", corpus=complete_corpus, **settings)
    assert run.manifest["best"]["epoch"] == best
    method = load_method(run.model_dir)
    assert isinstance(method, SEPMLDC)
    texts = described_labels(method.label_space)
    assert texts[0] == "topic number 0: word0x0 word0x1 word0x2"
    with torch.no_grad():
        inputs = method.encoder.prepare(texts).batch(range(len(texts)))
        expected = method.encoder(inputs).document
    torch.testing.assert_close(method.label_vectors.vectors, expected, atol=1e-5, rtol=1e-4)
    np.testing.assert_allclose(run.array("label_embeddings"), expected, atol=1e-5, rtol=1e-4)


def test_it_learns_and_says_what_it_minimises(train, complete_corpus):
    settings = {"learning_rate": 0.02, "head_learning_rate": 0.02, "filters": 16, "method.dropout": 0.1}
    run = train("sep-mldc", corpus=complete_corpus, epochs=12, **settings)
    assert run.metrics["test"]["overall"]["P@1"] > 0.8
    terms = {"loss/classification", "loss/label_contrast", "loss/document_contrast"}
    training = run.history[run.history["phase"] == "train"]
    assert terms <= set(training.columns)
    assert np.isfinite(training[sorted(terms)].to_numpy()).all()


def test_only_one_variant_leaves_generated_documents_out(train, toy_corpus, complete_corpus):
    counts = {
        variant: train(variant, corpus=complete_corpus, epochs=1).manifest["corpus"]["n_train"]
        for variant in ("sep-mldc", "sep-mldc-no-datc")
    }
    n_train = len(toy_corpus.train)
    assert counts == {"sep-mldc": n_train + 10, "sep-mldc-no-datc": n_train}


def test_a_corpus_without_descriptions_and_generated_documents_is_told_of(
    train, complete_corpus, toy_corpus, caplog
):
    with caplog.at_level(logging.WARNING, logger="workbench"):
        train("sep-mldc", corpus=complete_corpus, epochs=1)
        assert "sep-mldc-no" not in caplog.text
        train("sep-mldc", corpus=toy_corpus, epochs=1)
    assert "as in sep-mldc-no-lse" in caplog.text
    assert "that of sep-mldc-no-datc" in caplog.text
