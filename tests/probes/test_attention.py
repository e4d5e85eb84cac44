from __future__ import annotations

import numpy as np
import pytest
import torch

import workbench
from workbench.errors import WorkbenchError
from workbench.probes.attention import read_text
from workbench.probes.inference import Predictor

TEXT = "graphs of unheard networks"
SMALL = {"filters": 4, "widths": [2], "embedding_size": 8, "epochs": 1}


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


def test_scores_are_those_of_the_run(predictor):
    np.testing.assert_allclose(read_text(predictor, TEXT).scores, predictor.scores([TEXT])[0], atol=1e-6)


def test_a_text_without_words_is_read_as_one_unknown_word(predictor):
    reading = read_text(predictor, "")
    assert reading.spans.tolist() == [[0, 0]]
    assert reading.attention.shape == (len(predictor.run.labels), 1)
    assert (reading.attention == 1).all()


def test_a_method_with_one_vector_for_all_labels_is_refused(toy_corpus, workspace):
    run = workbench.fit("base", toy_corpus, workspace=workspace, **SMALL)
    assert run.manifest["attends_by_label"] is False
    with pytest.raises(WorkbenchError, match=r"same vector.*such as lsfa-attention"):
        read_text(Predictor.load(run), TEXT)


def test_a_run_says_whether_its_labels_attend(predictor):
    assert predictor.run.manifest["attends_by_label"] is True
