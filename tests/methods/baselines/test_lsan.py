"""LSAN: both attentions and their fusion by plain loops, label vectors from names, the two heads."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

import workbench
from tests.encoders.conftest import save_bert
from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace, label_parts
from workbench.methods.base import Material
from workbench.methods.baselines.lsan import LSAN, by_label_words, fused, state_products
from workbench.probes.attention import read_text
from workbench.probes.inference import Predictor

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one"]
LABELS = LabelSpace(("a", "b", "c"), ("brown fox", "Graphs", "chimneysweep"), np.array([1, 2, 1]), 3)
HEADS = ["per_label", "mean_then_linear"]


def _lsan(units: int = 6, name: str = "bilstm", **config) -> LSAN:
    torch.manual_seed(0)
    settings = {"embedding_size": 6, "min_count": 1}
    if name == "bilstm":
        settings |= {"units": units, "layers": 1}
    encoder = build_encoder(name, settings=settings, train_texts=TEXTS)
    config = LSAN.Config.parse({"attention": 5, "hidden": 4} | config)
    return LSAN(encoder, LABELS, config).double().eval()


def _batch(method: LSAN) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), torch.zeros(3, 3), torch.arange(3))


def _features_by_loops(method: LSAN, states, directions: int):
    """M of one document's real states (n, d h): a vector (d h,) for each label."""
    found = []
    h = states.shape[1] // directions
    for label in range(3):
        keys = [torch.tanh(method.keys.weight @ state) for state in states]
        scores = [math.exp(float(method.queries[label] @ key)) for key in keys]
        by_attention = sum(s / sum(scores) * state for s, state in zip(scores, states, strict=True))
        parts = []
        for d in range(directions):
            own = method.label_embeddings()[label]
            part = states[:, d * h : (d + 1) * h]
            parts.append(sum(float(own @ state) * state for state in part))
        by_words = torch.cat(parts)
        alpha = 1 / (1 + math.exp(-float(method.label_share.weight[0] @ by_words)))
        beta = 1 / (1 + math.exp(-float(method.self_share.weight[0] @ by_attention)))
        found.append((alpha * by_words + beta * by_attention) / (alpha + beta))
    return found


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("units", [6, 3])
def test_logits_by_plain_loops(units: int, head: str):
    method = _lsan(units, head=head).requires_grad_(False)
    assert isinstance(method.to_states, torch.nn.Linear) == (units != 6)
    batch = _batch(method)
    forward = method(batch)
    for b, n in enumerate(batch.inputs["attention_mask"].sum(dim=1).tolist()):
        features = _features_by_loops(method, forward.tokens[b, :n].detach(), 2)
        if head == "mean_then_linear":
            expected = method.classifier(sum(features) / 3)
        else:
            first, _, last = method.classifier
            hidden = [(first.weight @ feature + first.bias).clamp(min=0) for feature in features]
            expected = torch.cat([last.weight @ each + last.bias for each in hidden])
        torch.testing.assert_close(forward.logits[b], expected, atol=1e-6, rtol=1e-6)


def test_an_encoder_without_directions_is_read_whole():
    method = _lsan(name="words").requires_grad_(False)
    batch = _batch(method)
    forward = method(batch)
    first, _, last = method.classifier
    for feature, logit in zip(
        _features_by_loops(method, forward.tokens[1, :4].detach(), 1), forward.logits[1], strict=True
    ):
        expected = last((first.weight @ feature + first.bias).clamp(min=0))
        torch.testing.assert_close(logit, expected[0], atol=1e-6, rtol=1e-6)


def test_words_and_labels_that_never_meet_give_what_they_give_meeting():
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randn(2, 5, 6, dtype=torch.float64, generator=generator)
    labels = torch.randn(4, 3, dtype=torch.float64, generator=generator)
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0]])
    found = by_label_words(labels, state_products(tokens, mask, 2))
    for d in range(2):
        part = tokens[:, :, 3 * d : 3 * d + 3]
        met = (labels @ part.transpose(1, 2)) * mask.unsqueeze(1)  # (B, L, T)
        torch.testing.assert_close(found[:, :, 3 * d : 3 * d + 3], met @ part)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float16])
def test_shares_sum_to_one_however_small_both_are(dtype):
    ones = torch.ones(1, 1, 2, dtype=dtype)
    weight = torch.full((2,), -5000.0, dtype=dtype)
    found = fused(3 * ones, 5 * ones, weight, weight)  # sigmoids of -30,000 and -50,000 are zero
    assert found.flatten().tolist() == [3, 3]
    assert fused(3 * ones, 5 * ones, 0 * weight, 0 * weight).flatten().tolist() == [4, 4]


def test_a_label_is_scored_by_what_it_read_itself_but_for_the_released_head():
    for head, others_count in [("per_label", False), ("mean_then_linear", True)]:
        method = _lsan(head=head)
        logits = method(_batch(method)).logits
        (gradient,) = torch.autograd.grad(logits[0, 1], method.queries)
        assert gradient[1].any()
        assert bool(gradient[[0, 2]].any()) == others_count


@pytest.mark.parametrize("head", HEADS)
def test_labels_in_parts_give_the_same_logits_and_gradients(monkeypatch, head: str):
    method = _lsan(head=head)
    batch = _batch(method)
    whole = method(batch).logits
    whole.square().sum().backward()
    expected = {name: p.grad.clone() for name, p in method.named_parameters() if p.grad is not None}
    assert expected["label_vectors"].any()  # labels learn
    method.zero_grad()
    monkeypatch.setattr(label_parts, "MOST_KEPT", 1)
    parts = method(batch).logits
    torch.testing.assert_close(parts, whole)
    parts.square().sum().backward()
    for name, parameter in method.named_parameters():
        if parameter.grad is not None:
            torch.testing.assert_close(parameter.grad, expected[name])


def _material() -> Material:
    return Material(documents=None, targets=None, batches=lambda split: iter(()), folder=Path(), seed=0)


def test_labels_begin_as_the_mean_of_their_names_words_before_any_context():
    method = _lsan()
    before = method.label_vectors.detach().clone()
    with torch.no_grad():
        method.begin_epoch(method.stages()[0], 0, _material())
        after = method.label_vectors.clone()
        method.begin_epoch(method.stages()[0], 1, _material())
    rows = [method.encoder.tokenizer.token_to_id(word) for word in ("brown", "fox", "graphs")]
    brown, fox, graphs = method.encoder.embedding.weight[rows]
    torch.testing.assert_close(after[0], (brown + fox) / 2, atol=1e-6, rtol=1e-6)
    torch.testing.assert_close(after[1], graphs, atol=1e-6, rtol=1e-6)
    assert after[2].tolist() == before[2].tolist()  # no word of it is known
    assert method.label_vectors.tolist() == after.tolist()


def test_a_frozen_encoder_reads_names_in_its_states(tmp_path: Path):
    settings = {"max_length": 12, "states": "tokens", "projection": "none", "dtype": "float32"}
    folder = str(save_bert(tmp_path / "bert"))
    encoder = build_encoder(folder, settings=settings, train_texts=[], frozen=True)
    method = LSAN(encoder, LABELS, LSAN.Config()).eval()
    with torch.no_grad():
        method.begin_epoch(method.stages()[0], 0, _material())
        inputs = encoder.prepare(["Graphs"]).batch([0])
        expected = encoder(inputs).tokens[0].mean(dim=0)
    torch.testing.assert_close(method.label_vectors[1], expected, atol=1e-5, rtol=1e-4)


def test_a_run_shows_what_labels_read(toy_corpus, workspace):
    sizes = {"embedding_size": 8, "units": 8, "layers": 1}
    run = workbench.fit("lsan", toy_corpus, epochs=1, device="cpu", precision="float32", **sizes)
    assert run.manifest["recipe"]["encoder"] == "bilstm"
    reading = read_text(Predictor.load(run), toy_corpus.test.texts[0])
    assert reading.attention.shape == (len(run.labels), len(reading.spans))
    assert reading.attention.sum(axis=1) == pytest.approx(1)


@pytest.mark.parametrize(("head", "weights"), [("per_label", 11), ("mean_then_linear", 24)])
def test_labels_without_room_are_refused(monkeypatch, head: str, weights: int):
    needed = 4 * 3 * (4 * weights + 6 * 32)
    monkeypatch.setattr(label_parts, "free_main_memory", lambda: needed)
    method = _lsan(head=head)
    of_labels = [method.queries, method.label_vectors]
    of_labels += method.classifier.parameters() if head == "mean_then_linear" else []
    assert sum(p.numel() for p in of_labels) == 3 * weights
    monkeypatch.setattr(label_parts, "free_main_memory", lambda: needed - 1)
    with pytest.raises(WorkbenchError, match=rf"lsan keeps {weights} weights.* 3 labels.* GB are free"):
        _lsan(head=head)
