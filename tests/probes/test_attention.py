from __future__ import annotations

import numpy as np
import pytest
import torch

import workbench
from tests.encoders.conftest import save_bert
from workbench.probes.attention import read_text
from workbench.probes.inference import Predictor

TEXT = "graphs of unheard networks"
SMALL = {"filters": 4, "widths": [2], "embedding_size": 8, "epochs": 1, "precision": "float32"}


@pytest.fixture
def predictor(toy_corpus, workspace):
    return Predictor.load(workbench.fit("lsfa-attention", toy_corpus, workspace=workspace, **SMALL))


def test_labels_read_tokens_by_the_softmax_of_their_products(predictor):
    """Eq. 4 of LSFA, label by label and token by token in plain Python."""
    reading = read_text(predictor, TEXT)
    method = predictor.method.double()
    with torch.no_grad():
        encoded = method.encoder(method.encoder.prepare([TEXT]).batch([0]))
        labels = method.attention.embeddings
        for label in range(len(labels)):
            products = [float(labels[label] @ token) for token in encoded.tokens[0]]
            raised = np.exp(np.array(products) - max(products))
            np.testing.assert_allclose(reading.attention[label], raised / raised.sum(), atol=1e-5)
    assert [TEXT[start:end] for start, end in reading.spans] == TEXT.split()


def test_tokens_are_compared_with_labels_by_their_cosine(toy_corpus, workspace, tmp_path):
    """Eq. 1 of LACO, token by token and label by label in plain Python; nothing at the tokens that frame."""
    folder = save_bert(tmp_path / "bert")
    settings = {"encoder": str(folder), "max_length": 8, "epochs": 1, "precision": "float32"}
    run = workbench.fit("laco", toy_corpus, workspace=workspace, **settings)
    assert run.manifest["compares_tokens"] is True
    predictor = Predictor.load(run)
    reading = read_text(predictor, TEXT)
    assert reading.attention is None
    method = predictor.method.double()
    with torch.no_grad():
        encoded = method.encoder(method.encoder.prepare([TEXT]).batch([0]))
    for place, (start, end) in enumerate(reading.spans.tolist()):
        for label in range(len(run.labels)):
            state, other = encoded.tokens[0, place], encoded.labels[0, label]
            cosine = float(state @ other / (state.norm() * other.norm())) if end > start else 0.0
            assert reading.correlation[label, place] == pytest.approx(cosine, abs=1e-5)
    assert (reading.token_weights[reading.spans[:, 0] == reading.spans[:, 1]] == 0).all()
    assert ((reading.token_weights >= 0) & (reading.token_weights < 1)).all()
    np.testing.assert_allclose(reading.scores, predictor.scores([TEXT])[0], atol=1e-6)


def test_scores_are_those_of_the_run(predictor):
    np.testing.assert_allclose(read_text(predictor, TEXT).scores, predictor.scores([TEXT])[0], atol=1e-6)


def test_a_text_without_words_is_read_as_one_unknown_word(predictor):
    reading = read_text(predictor, "")
    assert reading.spans.tolist() == [[0, 0]]
    assert reading.attention.shape == (len(predictor.run.labels), 1)
    assert (reading.attention == 1).all()


def test_a_method_with_one_vector_for_all_labels_has_scores_and_its_vector(toy_corpus, workspace):
    run = workbench.fit("base", toy_corpus, workspace=workspace, **SMALL)
    assert run.manifest["attends_by_label"] is False
    predictor = Predictor.load(run)
    reading = read_text(predictor, TEXT)
    assert reading.attention is None and reading.correlation is None
    np.testing.assert_allclose(reading.scores, predictor.scores([TEXT])[0], atol=1e-6)
    with torch.inference_mode():
        encoder = predictor.method.encoder
        document = encoder(encoder.prepare([TEXT]).batch([0])).document.numpy()
    np.testing.assert_allclose(reading.vector, document / np.linalg.norm(document), atol=1e-6)


def test_a_run_says_whether_its_labels_attend(predictor):
    assert predictor.run.manifest["attends_by_label"] is True


@pytest.mark.parametrize("method", ["lsfa-attention", "attention-xml", "leam"])
def test_in_half_precision_attention_is_computed_as_the_scores_are(
    method, toy_corpus, workspace, monkeypatch
):
    """Labels in float32 read tokens in bfloat16; on processors without it, slowly."""
    monkeypatch.setattr("workbench.training.devices.supports_bfloat16", lambda _: True)
    settings = {"encoder": "cnn", **SMALL, "precision": "bfloat16"}
    predictor = Predictor.load(workbench.fit(method, toy_corpus, workspace=workspace, **settings))
    assert predictor.how["bfloat16"]
    reading = read_text(predictor, TEXT)
    np.testing.assert_allclose(reading.scores, predictor.scores([TEXT])[0], atol=1e-6)
    np.testing.assert_allclose(reading.attention.sum(axis=1), 1, atol=0.02)
    exact = Predictor(predictor.run, predictor.method.double(), predictor.threshold)
    monkeypatch.setattr("workbench.training.devices.supports_bfloat16", lambda _: False)
    np.testing.assert_allclose(reading.attention, read_text(exact, TEXT).attention, atol=0.02)
