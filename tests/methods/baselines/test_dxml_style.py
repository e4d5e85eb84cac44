"""DXML-style: its loss by plain loops, label vectors from training documents, and neighbours that vote."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import workbench
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace
from workbench.methods.baselines.dxml_style import DXMLStyle, label_distance
from workbench.methods.label_embedding import label_vectors
from workbench.methods.storage import load_method
from workbench.probes.inference import Predictor

TEXTS = ["the quick brown fox", "graphs and networks learn", "fox", "learn graphs", "nothing known here"]
LABELS = LabelSpace(tuple("abc"), tuple("abc"), np.array([2, 1, 1]), 4)


def _method(**config) -> DXMLStyle:
    torch.manual_seed(0)
    encoder = build_encoder("tfidf", settings={"min_df": 1}, train_texts=TEXTS[:4])
    return DXMLStyle(encoder, LABELS, DXMLStyle.Config.parse({"dimensions": 4, "units": 5} | config)).eval()


def _batch(method: DXMLStyle, rows=(0, 1, 2, 3, 4)) -> Batch:
    chosen = np.array(rows)
    inputs = method.encoder.prepare(TEXTS).batch(chosen)
    return Batch(inputs, torch.zeros(len(chosen), 3), torch.from_numpy(chosen))


def test_the_loss_is_that_of_plain_loops_and_leaves_out_documents_without_labels():
    generator = torch.Generator().manual_seed(0)
    place = 2 * torch.randn(4, 3, generator=generator, dtype=torch.float64)
    vectors = torch.randn(5, 3, generator=generator, dtype=torch.float64)
    targets = torch.tensor([[1, 0, 1, 0, 0], [0, 0, 0, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 1]])
    terms = []
    for row in (0, 2, 3):
        own = [label for label in range(5) if targets[row, label]]
        for d in range(3):
            gap = abs(float(place[row, d]) - sum(float(vectors[label, d]) for label in own) / len(own))
            terms.append(0.5 * gap**2 if gap < 1 else gap - 0.5)
    assert any(term > 0.5 for term in terms)
    found = label_distance(place, targets, vectors)
    assert found.item() == pytest.approx(sum(terms) / len(terms))


def test_without_labels_there_is_no_loss_and_a_gradient_of_zero():
    place = torch.randn(2, 3, requires_grad=True)
    loss = label_distance(place, torch.zeros(2, 4), torch.randn(4, 3))
    loss.backward()
    assert loss.item() == 0
    assert not place.grad.any()


def test_a_document_is_read_by_its_weighted_terms():
    method = _method()
    batch = _batch(method)
    dense = torch.from_numpy(method.encoder.prepare(TEXTS).matrix.toarray()).double()
    method.double()
    hidden = (dense @ method.terms + method.bias).relu()
    raw = method.outer(hidden)
    expected = raw / raw.norm(dim=1, keepdim=True)
    batch.inputs["weights"] = batch.inputs["weights"].double()
    forward = method(batch)
    torch.testing.assert_close(forward.place, expected)
    torch.testing.assert_close(forward.logits, expected @ method.label_vectors.T)
    assert len({tuple(row) for row in dense.tolist()}) == 5  # weights are no whole numbers cut off


def test_neighbours_count_alike_however_near_they_are():
    method = _method(k=2)
    places = torch.nn.functional.normalize(torch.randn(3, 4), dim=1)
    targets = np.array([[1, 0, 0], [1, 1, 0], [0, 0, 1]])
    method.neighbours.fill([(torch.arange(3), places)], targets)
    batch = _batch(method)
    forward = method(batch)
    scores = method.probabilities(forward)
    for row in range(5):
        order = (places.half().float() - forward.place[row]).norm(dim=1).argsort()[:2]
        assert scores[row].tolist() == pytest.approx(targets[order.numpy()].mean(axis=0).tolist())


def test_other_encoders_are_refused():
    encoder = build_encoder("words", settings={}, train_texts=TEXTS)
    with pytest.raises(WorkbenchError, match="dxml-style takes bags of weighted words"):
        DXMLStyle(encoder, LABELS, DXMLStyle.Config.parse({}))


def test_padding_an_empty_document_and_half_precision_give_numbers():
    method = _method()
    assert method(_batch(method, [4])).place.isfinite().all()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert method(_batch(method)).logits.isfinite().all()


def test_a_run_embeds_labels_by_training_documents_and_keeps_its_neighbours(toy_corpus, workspace):
    settings = {"epochs": 3, "device": "cpu", "units": 16, "dimensions": 8, "seed": 3}
    run = workbench.fit("dxml-style", toy_corpus, **settings)
    assert list(run.history["stage"].unique()) == ["embedding", "neighbours"]
    method = load_method(run.model_dir)
    expected = label_vectors(toy_corpus.train.targets, 8, 2, 3)
    torch.testing.assert_close(method.label_vectors, torch.from_numpy(expected))
    other = label_vectors(toy_corpus.test.targets, 8, 2, 3)
    assert not np.allclose(expected, other)
    assert method.neighbours.vectors.shape == (len(toy_corpus.train), 8)
    scores = Predictor.load(run).scores(toy_corpus.test.texts)
    np.testing.assert_allclose(scores * 7, np.round(scores * 7), atol=1e-5)
