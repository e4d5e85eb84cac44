"""EXAM: the interaction made in full by plain loops, places of words, labels in parts."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.encoders import build_encoder
from workbench.errors import WorkbenchError
from workbench.methods import Batch, LabelSpace, label_parts
from workbench.methods.baselines.exam import EXAM, weighed_by_place

TEXTS = ["the quick brown fox and the lazy dog", "graphs and networks learn", "one"]
LABELS = LabelSpace(("a", "b", "c"), ("a", "b", "c"), np.array([1, 2, 1]), 3)


def _exam(**config) -> EXAM:
    torch.manual_seed(0)
    encoder = build_encoder("words", settings={"embedding_size": 6, "min_count": 1}, train_texts=TEXTS)
    return EXAM(encoder, LABELS, EXAM.Config.parse({"hidden": 4} | config)).double().eval()


def _batch(method: EXAM) -> Batch:
    return Batch(method.encoder.prepare(TEXTS).batch(range(3)), torch.zeros(3, 3), torch.arange(3))


@pytest.mark.parametrize("keep", ["first", "last"])
@pytest.mark.parametrize("places", [3, 4, 20])
def test_logits_by_plain_loops(places: int, keep: str):
    method = _exam(places=places, keep=keep).requires_grad_(False)
    batch = _batch(method)
    logits = method(batch).logits
    words = method.encoder.embedding(batch.inputs["input_ids"])
    for b, n in enumerate(batch.inputs["attention_mask"].sum(dim=1).tolist()):
        read = range(min(n, places)) if keep == "first" else range(n - 1, max(-1, n - 1 - places), -1)
        for label in range(3):
            interaction = [float(method.classes[label] @ words[b, t]) for t in read]
            interaction += [0.0] * (places - len(interaction))
            expected = float(method.scorer.bias)
            for unit in range(4):
                weight = method.places.weight[unit]
                total = sum(float(weight[i]) * interaction[i] for i in range(places))
                expected += float(method.scorer.weight[0, unit]) * max(
                    0.0, total + float(method.places.bias[unit])
                )
            assert float(logits[b, label]) == pytest.approx(expected, abs=1e-9)


def test_a_place_is_counted_among_words_on_whichever_side_the_padding_stands():
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randn(1, 3, 2, dtype=torch.float64, generator=generator)
    weight = torch.randn(4, 5, dtype=torch.float64, generator=generator)
    expected = torch.einsum("ut,bth->buh", weight[:, :3], tokens)
    for before, behind in [(0, 0), (0, 9), (9, 0), (2, 2)]:
        padded = torch.nn.functional.pad(tokens, (0, 0, before, behind), value=50.0)
        mask = torch.nn.functional.pad(torch.ones(1, 3), (before, behind))
        torch.testing.assert_close(weighed_by_place(padded, mask, weight), expected)
        backwards = weighed_by_place(padded, mask, weight, from_end=True)
        torch.testing.assert_close(backwards, weighed_by_place(tokens.flip(1), torch.ones(1, 3), weight))


def test_a_document_of_padding_alone_is_zero():
    found = weighed_by_place(torch.ones(1, 2, 3), torch.zeros(1, 2), torch.ones(4, 5))
    assert found.tolist() == torch.zeros(1, 4, 3).tolist()


def test_many_labels_are_taken_in_parts(monkeypatch):
    method = _exam()
    batch = _batch(method)
    whole = method(batch).logits
    monkeypatch.setattr(label_parts, "MOST_KEPT", 1)
    torch.testing.assert_close(method(batch).logits, whole)


def test_the_order_of_words_counts():
    method = _exam()
    inputs = method.encoder.prepare(["graphs learn one", "one learn graphs"]).batch([0, 1])
    first, second = method(Batch(inputs, torch.zeros(2, 3), torch.arange(2))).logits
    assert not torch.allclose(first, second)


def test_labels_without_room_are_refused(monkeypatch):
    monkeypatch.setattr(label_parts, "free_main_memory", lambda: 4 * 3 * (4 * 6 + 6 * 32) - 1)
    with pytest.raises(WorkbenchError, match=r"exam keeps 6 weights.* 3 labels.* GB are free"):
        _exam()
