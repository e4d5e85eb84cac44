"""Nearest neighbours beside any method: whose scores are mixed, what is refused, what a run keeps."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import workbench
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.knn import KNN
from workbench.methods.nearest_neighbours import LabelSets, neighbour_scores
from workbench.methods.storage import load_method
from workbench.probes.inference import Predictor

TEXTS = ["a few short words", "one", "two words more", "one more"]
LABELS = LabelSpace(tuple("abc"), tuple("abc"), np.array([2, 1, 1]), 4)
TARGETS = np.array([[1, 0, 0], [0, 1, 1], [1, 1, 1], [0, 0, 0]])


def _knn(encoder: str = "cnn", **config) -> KNN:
    torch.manual_seed(0)
    settings = {"min_df": 1} if encoder == "tfidf" else {"filters": 4, "embedding_size": 5, "min_count": 1}
    built = build_encoder(encoder, settings=settings, train_texts=TEXTS)
    return KNN(built, LABELS, KNN.Config.parse({"k": 2} | config)).eval()


def _batch(method: KNN) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(4)), torch.zeros(4, 3), torch.arange(4))


@pytest.mark.parametrize("base", ["base", "protomix", "lsfa-attention", "leam"])
@pytest.mark.parametrize("distances", ["unit", "plain"])
def test_scores_of_the_base_are_mixed_with_what_neighbours_say(base: str, distances: str):
    method = _knn(base=base, distances=distances, temperature=0.5)
    forward = method(_batch(method))
    own = method.base.probabilities(forward)
    torch.testing.assert_close(method.probabilities(forward), own)
    memory = torch.randn(4, method.encoder.hidden_size)
    method.neighbours.fill([(torch.arange(4), memory)], TARGETS)
    method.neighbours.share.fill_(0.3)
    document = forward.document
    if distances == "unit":
        document = document / document.norm(dim=1, keepdim=True)
    voted = neighbour_scores(document, memory.half(), LabelSets.of(TARGETS), 2, 0.5)
    torch.testing.assert_close(method.probabilities(forward), 0.3 * voted + 0.7 * own)


def test_a_base_without_document_vectors_is_refused():
    method = _knn("tfidf", base="binary-relevance")
    with pytest.raises(WorkbenchError, match=r"binary-relevance gives none\. Take another base"):
        method(_batch(method))


def test_the_base_is_trained_first_and_nothing_after_it():
    method = _knn(base="lsfa:head_threshold=2")
    assert [stage.name for stage in method.stages()] == ["features", "generator", "classifiers", "knn"]
    assert method.stages()[-1].solve is not None


SETTINGS = {"epochs": 1, "filters": 6, "embedding_size": 8, "device": "cpu", "k": 5}


def test_a_run_mixes_and_loads_what_it_remembered(toy_corpus, workspace):
    run = workbench.fit("knn", toy_corpus, base="protomix:beta=0.01", share=0.4, **SETTINGS)
    plain = workbench.fit(
        "protomix", toy_corpus, beta=0.01, epochs=1, filters=6, embedding_size=8, device="cpu"
    )
    assert list(run.history["stage"].unique()) == ["classification", "knn"]
    assert run.array("neighbour_share").tolist() == pytest.approx([0.4])
    method = load_method(run.model_dir)
    assert method.base.config.beta == 0.01
    assert method.neighbours.vectors.shape == (len(toy_corpus.train), method.encoder.hidden_size)
    texts = toy_corpus.test.texts
    method.neighbours.share.fill_(0.0)
    own = Predictor(run, method, np.array(0.5)).scores(texts)
    np.testing.assert_allclose(own, Predictor.load(plain).scores(texts), atol=1e-5)
    method.neighbours.share.fill_(1.0)
    voted = Predictor(run, method, np.array(0.5)).scores(texts)
    np.testing.assert_allclose(Predictor.load(run).scores(texts), 0.4 * voted + 0.6 * own, atol=1e-5)


def test_the_share_is_chosen_on_validation_documents(toy_corpus, workspace, monkeypatch):
    asked = []

    def watched(own, voted, targets):
        asked.append((own.shape, voted.shape, int(targets.sum())))
        return 0.7

    monkeypatch.setattr("workbench.methods.neighbour_voting.chosen_share", watched)
    run = workbench.fit("knn", toy_corpus, **SETTINGS)
    valid = toy_corpus.valid.targets
    assert asked == [(valid.shape, valid.shape, int(valid.sum()))]
    assert load_method(run.model_dir).neighbours.share.item() == pytest.approx(0.7)
