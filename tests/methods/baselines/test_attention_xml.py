"""AttentionXML: attention and the shared network by plain loops, labels in parts, what a run shows."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

import workbench
from workbench.encoders import build_encoder
from workbench.methods import Batch, LabelSpace, label_parts
from workbench.methods.baselines.attention_xml import AttentionXML
from workbench.probes.attention import read_text
from workbench.probes.inference import Predictor

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one"]
LABELS = LabelSpace(("a", "b", "c"), ("a", "b", "c"), np.array([1, 2, 1]), 3)


def _attention_xml(name: str = "words", **settings) -> AttentionXML:
    torch.manual_seed(0)
    settings = {"embedding_size": 6, "min_count": 1, **settings}
    encoder = build_encoder(name, settings=settings, train_texts=TEXTS)
    return AttentionXML(encoder, LABELS, AttentionXML.Config.parse({"hidden": 5})).double().eval()


def _batch(method: AttentionXML) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), torch.zeros(3, 3), torch.arange(3))


@pytest.mark.parametrize("name", ["words", "cnn"])
def test_logits_by_plain_loops(name: str):
    method = _attention_xml(name).requires_grad_(False)
    batch = _batch(method)
    forward = method(batch)
    first, last = method.attention.projection, method.classifier
    for b, n in enumerate(batch.inputs["attention_mask"].sum(dim=1).tolist()):
        states = forward.tokens[b, :n].detach()
        for label in range(3):
            own = method.attention.embeddings[label]
            shares = [math.exp(float(own @ state)) for state in states]
            read = sum(share / sum(shares) * state for share, state in zip(shares, states, strict=True))
            for t in range(n):
                assert float(forward.attention[b, label, t]) == pytest.approx(shares[t] / sum(shares))
            hidden = [max(0.0, float(first.weight[u] @ read + first.bias[u])) for u in range(5)]
            expected = float(last.bias) + sum(float(last.weight[0, u]) * hidden[u] for u in range(5))
            # attention is taken in float32
            assert float(forward.logits[b, label]) == pytest.approx(expected, abs=1e-6)
            assert forward.label_features[b, label].tolist() == pytest.approx(hidden, abs=1e-6)


def test_a_label_is_scored_by_what_it_read_itself():
    method = _attention_xml()
    (logits,) = method(_batch(method)).logits[:1]
    (gradient,) = torch.autograd.grad(logits[1], method.attention.embeddings)
    assert gradient[1].any()
    assert not gradient[0].any()
    assert not gradient[2].any()


def test_many_labels_are_taken_in_parts(monkeypatch):
    method = _attention_xml()
    batch = _batch(method)
    whole = method(batch).logits
    monkeypatch.setattr(label_parts, "MOST_KEPT", 1)
    torch.testing.assert_close(method(batch).logits, whole)


def test_a_run_averages_weights_and_shows_what_labels_read(toy_corpus, workspace):
    sizes = {"embedding_size": 16, "units": 8, "layers": 1, "method.hidden": 8}
    run = workbench.fit("attention-xml", toy_corpus, epochs=2, swa_start=0, device="cpu", **sizes)
    assert run.manifest["recipe"]["encoder"] == "bilstm"
    reading = read_text(Predictor.load(run), toy_corpus.test.texts[0])
    assert reading.attention.shape == (len(run.labels), len(reading.spans))
    assert reading.attention.sum(axis=1) == pytest.approx(1)
