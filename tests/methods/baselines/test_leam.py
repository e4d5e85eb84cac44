"""LEAM: its equations by plain loops, label vectors from names, and what each variant gives."""

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
from workbench.methods import Batch, LabelSpace
from workbench.methods.base import Material
from workbench.methods.baselines import leam
from workbench.methods.baselines.leam import LEAM, phrase_weights, regularisation_loss
from workbench.methods.registry import parse_objective
from workbench.probes.attention import read_text
from workbench.probes.inference import Predictor

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one"] * 2
LABELS = LabelSpace(("a", "b", "c"), ("brown fox", "Graphs", "chimneysweep"), np.array([1, 2, 1]), 3)


def _leam(**config) -> LEAM:
    torch.manual_seed(0)
    settings = {"embedding_size": 6, "dropout": 0.0, "embedding_dropout": 0.0}
    encoder = build_encoder("words", settings=settings, train_texts=TEXTS)
    return LEAM(encoder, LABELS, LEAM.Config.parse({"variant": "leam-document"} | config)).eval()


def _batch(method: LEAM, texts=TEXTS[:3]) -> Batch:
    rows = range(len(texts))
    return Batch(
        method.encoder.prepare(texts).batch(rows), torch.zeros(len(texts), 3), torch.arange(len(texts))
    )


def _weights_by_loops(scores, mask, weight, bias):
    rows, length, n_labels = scores.shape
    r, shared = weight.shape[-1] // 2, len(weight) == 1
    found = torch.zeros(rows, length, dtype=torch.float64)
    for b in range(rows):
        best = {}
        for t in range(length):
            if not mask[b, t]:
                continue
            seen = []
            for k in range(n_labels):
                total = float(bias[k])
                for offset in range(-r, r + 1):
                    if not (0 <= t + offset < length and mask[b, t + offset]):
                        continue
                    for other in [k] if shared else range(n_labels):
                        w = weight[0, 0, offset + r] if shared else weight[k, other, offset + r]
                        total += float(w) * float(scores[b, t + offset, other])
                seen.append(max(0.0, total))
            best[t] = max(seen)
        whole = sum(math.exp(value) for value in best.values())
        for t, value in best.items():
            found[b, t] = math.exp(value) / whole
    return found


@pytest.mark.parametrize("reading", ["paper", "code"])
@pytest.mark.parametrize("radius", [0, 1, 4])
def test_words_are_weighed_by_the_best_label_of_their_phrase(reading, radius):
    generator = torch.Generator().manual_seed(0)
    scores = torch.randn(3, 5, 4, dtype=torch.float64, generator=generator)
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0]], dtype=torch.bool)
    labels = 1 if reading == "paper" else 4
    weight = torch.randn(labels, labels, 2 * radius + 1, dtype=torch.float64, generator=generator)
    bias = torch.randn(4, dtype=torch.float64, generator=generator)
    found = phrase_weights(scores, mask, weight, bias)
    torch.testing.assert_close(found, _weights_by_loops(scores, mask, weight, bias))
    assert found.sum(dim=1).tolist() == pytest.approx([1, 1, 0])


def test_weights_in_half_precision_are_numbers_that_sum_to_one():
    scores = (1000 * torch.randn(2, 4, 3)).half()
    weight, bias = torch.ones(1, 1, 3).half(), torch.zeros(3).half()
    found = phrase_weights(scores, torch.ones(2, 4, dtype=torch.bool), weight, bias)
    assert found.dtype == torch.float32
    torch.testing.assert_close(found.sum(dim=1), torch.ones(2))


def test_the_forward_pass_by_plain_loops():
    method = _leam(radius=1, units=4)
    batch = _batch(method)
    forward = method(batch)
    words, mask = method.encoder.embed(batch.inputs), batch.inputs["attention_mask"].bool()
    labels = method.label_vectors
    for b in range(3):
        for t in range(mask.shape[1]):
            for k in range(3):
                norm = words[b, t].norm() * labels[k].norm()
                expected = (words[b, t] @ labels[k] / norm).item() if mask[b, t] else 0.0
                assert forward.correlation[b, t, k].item() == pytest.approx(expected, abs=1e-6)
    phrase = method.phrase_weight.detach(), method.phrase_bias.detach()
    weights = _weights_by_loops(forward.correlation.detach(), mask, *phrase)
    torch.testing.assert_close(forward.token_weights.double(), weights)
    document = torch.stack([sum(weights[b, t] * words[b, t].double() for t in range(8)) for b in range(3)])
    torch.testing.assert_close(forward.document.double(), document)
    first, _, _, last = method.classifier
    torch.testing.assert_close(forward.logits, last(first(forward.document).relu()))


def test_a_label_is_told_to_be_itself_alone():
    logits = torch.randn(4, 4, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    total = 0.0
    for i in range(4):
        for j in range(4):
            p = 1 / (1 + math.exp(-float(logits[i, j])))
            total -= math.log(p if i == j else 1 - p)
    assert regularisation_loss(logits).item() == pytest.approx(total / 16)


def test_the_regularisation_classifies_the_labels_vectors_and_can_be_borrowed():
    method = _leam(regularisation=0.25)
    (stage,) = method.stages()
    batch, term = _batch(method), stage.objectives[1]
    assert term.weight == 0.25
    expected = regularisation_loss(method.classifier(method.label_vectors))
    torch.testing.assert_close(term(method(batch), batch), expected)
    assert type(parse_objective("leam.label_regularisation:weight=0.1")) is type(term)


def _material() -> Material:
    return Material(documents=None, targets=None, batches=lambda split: iter(()), folder=Path(), seed=0)


@pytest.mark.parametrize("variant", ["leam", "leam-document"])
def test_labels_begin_as_the_mean_of_their_names_words(variant):
    method = _leam(variant=variant)
    before = method.label_embeddings().detach().clone()
    with torch.no_grad():
        method.begin_epoch(method.stages()[0], 0, _material())
        after = method.label_embeddings().clone()
        method.begin_epoch(method.stages()[0], 1, _material())
    rows = [method.encoder.tokenizer.token_to_id(word) for word in ("brown", "fox", "graphs")]
    brown, fox, graphs = method.encoder.embedding.weight[rows]
    torch.testing.assert_close(after[0], (brown + fox) / 2)
    torch.testing.assert_close(after[1], graphs)
    assert after[2].tolist() == before[2].tolist()  # no word of it is known
    assert method.label_embeddings().tolist() == after.tolist()


def test_names_are_read_by_a_transformer_too(tmp_path: Path):
    encoder = build_encoder(str(save_bert(tmp_path / "bert")), settings={"max_length": 12}, train_texts=[])
    method = LEAM(encoder, LABELS, LEAM.Config()).eval()
    with torch.no_grad():
        method.begin_epoch(method.stages()[0], 0, _material())
        inputs = encoder.prepare(["Graphs"]).batch([0])
        expected = encoder(inputs).tokens[0].mean(dim=0)
    torch.testing.assert_close(method.label_embeddings()[1], expected, atol=1e-5, rtol=1e-4)


def test_each_label_weighs_phrases_for_itself():
    method = _leam(variant="leam", radius=1)
    batch = _batch(method)
    forward = method(batch)
    mask = batch.inputs["attention_mask"].bool()
    words, window = method.encoder.embed(batch.inputs), method.window
    for b in range(3):
        length = int(mask[b].sum())
        phrases = []
        for t in range(length):
            total = window.bias.clone()
            for offset in (-1, 0, 1):
                if 0 <= t + offset < length:
                    total = total + window.weight[:, :, offset + 1] @ words[b, t + offset]
            phrases.append(total.relu())
        for k in range(3):
            label = method.label_embeddings()[k]
            shares = torch.stack([label @ phrase for phrase in phrases]).softmax(dim=0)
            torch.testing.assert_close(forward.attention[b, k, :length], shares)
            feature = sum(share * phrase for share, phrase in zip(shares, phrases, strict=True))
            expected = method.classifier.weight[k] @ feature + method.classifier.bias[k]
            torch.testing.assert_close(forward.logits[b, k], expected)


@pytest.mark.parametrize(
    "setting", [{"phrase": "code"}, {"units": 10}, {"dropout": 0.1}, {"regularisation": 0.0}], ids=str
)
def test_what_the_variant_does_not_read_is_refused(setting):
    ((name, value),) = setting.items()
    with pytest.raises(WorkbenchError, match=f"Setting {name}={value!r} .* leam-document does"):
        LEAM.Config.parse(setting)
    assert getattr(LEAM.Config.parse(setting | {"variant": "leam-document"}), name) == value
    LEAM.Config.parse({name: LEAM.Config.model_fields[name].default, "radius": 3})


def test_the_card_begins_with_the_equations_of_the_default():
    names = list(LEAM.card.equations)
    assert names[:3] == ["phrase", "attention", "classification"]
    assert all(name.startswith("leam-document: ") for name in names[3:])
    assert "c_l^" in LEAM.card.equations["attention"]


def test_units_of_zero_classify_linearly():
    method = _leam(units=0)
    forward = method(_batch(method))
    torch.testing.assert_close(forward.logits, method.classifier[-1](forward.document))


def _with_labels(count: int, **config) -> LEAM:
    names = tuple(f"l{index}" for index in range(count))
    labels = LabelSpace(names, names, np.ones(count, dtype=np.int64), 3)
    encoder = build_encoder("words", settings={"embedding_size": 2}, train_texts=TEXTS)
    return LEAM(encoder, labels, LEAM.Config.parse({"variant": "leam-document"} | config))


def test_convolving_all_of_many_labels_with_all_is_refused_with_the_memory():
    with pytest.raises(WorkbenchError, match=r"501 labels .* 0\.04 GB .* up to 500 .*--set phrase=paper"):
        _with_labels(501, phrase="code")
    assert _with_labels(500, phrase="code", radius=0).phrase_weight.shape == (500, 500, 1)
    assert _with_labels(501, phrase="paper").phrase_weight.shape == (1, 1, 11)


def test_convolving_all_labels_with_all_is_refused_where_there_is_no_room(monkeypatch):
    monkeypatch.setattr(leam, "free_main_memory", lambda: 4 * 4 * 9 * 3 - 1)
    with pytest.raises(WorkbenchError, match=r"all 3 labels .* GB .*--set phrase=paper"):
        _with_labels(3, phrase="code", radius=1)


def test_a_frozen_encoder_without_tokens_is_refused(tmp_path: Path):
    folder = save_bert(tmp_path / "bert")
    encoder = build_encoder(str(folder), settings={"max_length": 12}, train_texts=[], frozen=True)
    with pytest.raises(WorkbenchError, match=r"leam attends to tokens.*states=tokens"):
        LEAM(encoder, LABELS, LEAM.Config())


def test_a_run_shows_what_words_have_to_do_with_labels(toy_corpus, workspace):
    run = workbench.fit("leam-document", toy_corpus, epochs=2, embedding_size=16, device="cpu")
    assert run.manifest["recipe"]["encoder"] == "words"
    assert run.manifest["compares_tokens"] is True
    assert "loss/label_regularisation" in run.history
    text = toy_corpus.test.texts[0]
    reading = read_text(Predictor.load(run), text)
    assert reading.correlation.shape == (len(run.labels), len(reading.spans))
    assert np.abs(reading.correlation).max() <= 1 + 1e-6
    assert reading.token_weights.sum() == pytest.approx(1)
    assert reading.attention is None


def test_it_learns_a_few_documents_by_heart():
    method = _leam(dropout=0.0).train()
    (stage,) = method.stages()
    batch = _batch(method)
    batch.targets = torch.tensor([[1, 0, 1], [0, 1, 0], [0, 0, 0]])
    optimizer = torch.optim.Adam(method.parameters(), lr=1e-2)
    for _ in range(150):
        optimizer.zero_grad()
        forward = method(batch)
        sum(term(forward, batch) * term.weight for term in stage.objectives).backward()
        optimizer.step()
    assert (method.eval()(batch).logits > 0).tolist() == batch.targets.bool().tolist()
