from __future__ import annotations

import numpy as np
import pytest

import workbench
from workbench.analysis.training_vectors import (
    keeps_training_vectors,
    nearest_by_cosine,
    read_training_vectors,
)
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.methods.protomix import ProtoMix
from workbench.probes.attention import read_text
from workbench.probes.inference import Predictor
from workbench.probes.training_vectors import probe_training_vectors

SMALL = {"filters": 4, "embedding_size": 8, "epochs": 1, "train_size": 60}


@pytest.fixture
def trained(workspace, toy_corpus):
    """A run on 60 of the toy corpus's training documents."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    return workbench.fit("base", "toy", workspace=workspace, **SMALL)


def test_a_training_document_is_its_own_nearest(trained, toy_corpus):
    assert not keeps_training_vectors(trained)
    told: list[int] = []
    report = probe_training_vectors(trained, advance=told.append)
    assert report["documents"] == sum(told) == 60
    assert keeps_training_vectors(trained)
    vectors = read_training_vectors(trained)
    assert vectors.dtype == np.float16
    predictor, texts = Predictor.load(trained), toy_corpus.with_train_size(60, 0).train.texts
    for row in (0, 59):
        reading = read_text(predictor, texts[row])
        np.testing.assert_allclose(np.linalg.norm(reading.vector), 1, atol=1e-6)
        np.testing.assert_allclose(vectors[row].astype(np.float32), reading.vector[0], atol=1e-3)
        _, cosines = nearest_by_cosine(vectors, reading.vector, 1)
        assert cosines[0] == pytest.approx(1, abs=2e-3)


def test_of_bags_of_words_the_bags_are_kept(workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    run = workbench.fit("binary-relevance", "toy", workspace=workspace)
    probe_training_vectors(run)
    predictor, text = Predictor.load(run), toy_corpus.train.texts[4]
    vectors = read_training_vectors(run)
    bags = predictor.method.encoder.prepare(toy_corpus.train.texts).matrix
    assert (vectors != bags).nnz == 0
    rows, cosines = nearest_by_cosine(vectors, read_text(predictor, text).vector, 3)
    assert toy_corpus.train.texts[rows[0]] == text
    assert cosines[0] == pytest.approx(1, abs=1e-5)


def test_what_is_there_stays_unless_it_is_forced(trained):
    kept = probe_training_vectors(trained)
    assert probe_training_vectors(trained) == kept
    assert probe_training_vectors(trained, force=True)["seconds"] != kept["seconds"]


def test_arrays_that_do_not_fit_together_are_named(workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    run = workbench.fit("binary-relevance", "toy", workspace=workspace)
    probe_training_vectors(run)
    np.save(run.path / "arrays" / "training_vectors_starts.npy", np.array([0, 10**9]))
    with pytest.raises(WorkbenchError, match="--force"):
        read_training_vectors(run)


def test_what_makes_them_is_said(trained):
    with pytest.raises(WorkbenchError, match=f"workbench probe training-vectors {trained.name}"):
        read_training_vectors(trained)


def test_a_corpus_that_has_changed_is_refused(trained, workspace, toy_corpus):
    save_corpus(toy_corpus.with_train_size(61, 1), workspace.corpora / "toy", overwrite=True)
    with pytest.raises(WorkbenchError, match="has changed"):
        probe_training_vectors(trained)


def test_a_method_without_document_vectors_is_told(trained, monkeypatch):
    forward = ProtoMix.forward

    def without(self, batch):
        found = forward(self, batch)
        found.encoded = None
        return found

    monkeypatch.setattr(ProtoMix, "forward", without)
    with pytest.raises(WorkbenchError, match="no document vectors"):
        probe_training_vectors(trained)
    assert read_text(Predictor.load(trained), "graphs").vector is None
    assert not keeps_training_vectors(trained)
