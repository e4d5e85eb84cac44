"""Label-wise attention, by plain loops and in the corners."""

from __future__ import annotations

import math

import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods import label_attention as module
from workbench.methods import label_parts
from workbench.methods.label_attention import LabelAttention, attention_weights, label_attention


def _case(dtype=torch.float64):
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randn(3, 5, 4, generator=generator, dtype=dtype)
    mask = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [0, 0, 0, 0, 0]], dtype=torch.bool)
    labels = torch.randn(6, 4, generator=generator, dtype=dtype)
    return tokens, mask, labels


def test_features_are_what_plain_loops_give():
    tokens, mask, labels = _case()
    features, attention = label_attention(tokens, mask, labels)
    assert features.shape == (3, 6, 4)
    assert attention.shape == (3, 6, 5)
    for b in range(3):
        real = [t for t in range(5) if mask[b, t]]
        for label in range(6):
            scores = [
                math.exp(sum(float(labels[label, h] * tokens[b, t, h]) for h in range(4))) for t in real
            ]
            for h in range(4):
                expected = sum(s * float(tokens[b, t, h]) for s, t in zip(scores, real, strict=True))
                expected = expected / sum(scores) if real else 0.0
                assert float(features[b, label, h]) == pytest.approx(expected, abs=1e-6)


def test_padding_gets_nothing_and_real_tokens_share_one():
    tokens, mask, labels = _case()
    attention = attention_weights(tokens, mask, labels)
    assert (attention[~mask.unsqueeze(1).expand_as(attention)] == 0).all()
    sums = attention.sum(dim=2)
    torch.testing.assert_close(sums[:2], torch.ones_like(sums[:2]))
    assert (sums[2] == 0).all()


def test_half_precision_stays_close_and_finite():
    tokens, mask, labels = _case(torch.float32)
    exact, _ = label_attention(tokens, mask, labels)
    for dtype in (torch.float16, torch.bfloat16):
        half, _ = label_attention(tokens.to(dtype), mask, labels.to(dtype))
        assert half.dtype == dtype
        torch.testing.assert_close(half.float(), exact, atol=0.05, rtol=0.05)


def test_sizes_that_do_not_fit_are_named():
    tokens, mask, _ = _case()
    with pytest.raises(WorkbenchError, match=r"Token states of 4 numbers .* embeddings of 3"):
        label_attention(tokens, mask, torch.zeros(6, 3, dtype=torch.float64))


def test_the_shared_layer_on_tokens_is_the_layer_on_their_average():
    tokens, mask, _ = _case()
    attention = LabelAttention(6, 4, projection=3).double()
    averages, _ = label_attention(tokens, mask, attention.embeddings)
    expected = attention.projection(averages).relu()
    torch.testing.assert_close(attention(tokens, mask)[:2], expected[:2])
    assert (attention(tokens, mask)[2] == 0).all()  # no tokens: no feature


@pytest.mark.parametrize("projection", [0, 3])
def test_labels_taken_in_parts_give_the_same_features_and_gradients(monkeypatch, projection):
    tokens, mask, _ = _case()
    attention = LabelAttention(6, 4, projection).double()
    whole = attention(tokens, mask)
    whole.square().sum().backward()
    expected = {name: p.grad.clone() for name, p in attention.named_parameters()}
    attention.zero_grad()
    monkeypatch.setattr(label_parts, "MOST_KEPT", 2 * mask.numel())  # two labels at once
    parts = attention(tokens, mask)
    torch.testing.assert_close(parts, whole)
    parts.square().sum().backward()
    for name, parameter in attention.named_parameters():
        torch.testing.assert_close(parameter.grad, expected[name])


@pytest.mark.parametrize("projection", [0, 3])
def test_features_of_pairs_are_those_of_all_labels(monkeypatch, projection):
    tokens, mask, _ = _case()
    attention = LabelAttention(6, 4, projection).double()
    document, label = torch.tensor([2, 0, 0, 1, 1]), torch.tensor([5, 0, 3, 3, 1])
    expected = attention(tokens, mask)[document, label]
    torch.testing.assert_close(attention.of_pairs(tokens, mask, document, label), expected)
    monkeypatch.setattr(label_parts, "MOST_KEPT", 1)  # one pair at once
    torch.testing.assert_close(attention.of_pairs(tokens, mask, document, label), expected)
    nothing = torch.empty(0, dtype=torch.int64)
    assert attention.of_pairs(tokens, mask, nothing, nothing).shape == (0, projection or 4)


def test_features_without_room_say_how_many_documents_have_some(monkeypatch):
    tokens, mask, _ = _case()
    attention = LabelAttention(6, 4, 5).double()
    one = 4 * 8 * 6 * 5  # four copies in float64 of six labels' five numbers
    monkeypatch.setattr(module, "free_memory", lambda device: 2 * one)
    assert attention(tokens, mask).shape == (3, 6, 5)  # too little to look
    monkeypatch.setattr(module, "_MUCH", 3 * one - 1)
    with pytest.raises(WorkbenchError, match=r"6 labels for 3 documents .* batch_size=1, or keep fewer"):
        attention(tokens, mask)
    monkeypatch.setattr(module, "free_memory", lambda device: 3 * one)
    assert attention(tokens, mask).shape == (3, 6, 5)


def test_each_label_learns_to_look_at_its_own_word():
    torch.manual_seed(0)
    tokens = torch.eye(4).unsqueeze(0)  # four words, each a direction of its own
    mask = torch.ones(1, 4, dtype=torch.bool)
    attention = LabelAttention(2, 4)
    optimizer = torch.optim.Adam(attention.parameters(), 0.1)
    for _ in range(200):
        optimizer.zero_grad()
        features = attention(tokens, mask)
        (-features[0, 0, 1] - features[0, 1, 3]).backward()
        optimizer.step()
    assert attention.attention(tokens, mask)[0].argmax(dim=1).tolist() == [1, 3]
