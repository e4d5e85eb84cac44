"""Attention of a decoder, by plain loops: what is seen, and that padding is never seen."""

from __future__ import annotations

import math

import pytest
import torch
from torch import Tensor

from workbench.methods import label_parts
from workbench.methods.decoder_attention import AdditiveAttention, DotAttention, Memory

MASK = torch.tensor([[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 0, 0]], dtype=torch.bool)


def _case(size: int = 5) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(0)
    states = torch.randn(3, 4, 5, dtype=torch.float64, generator=generator)
    return torch.randn(3, 2, size, dtype=torch.float64, generator=generator), states


def _by_loops(scores, states: Tensor) -> tuple[Tensor, Tensor]:
    """Softmax and sum over real places alone; scores(document, row, place)."""
    weights = torch.zeros(3, 2, 4, dtype=torch.float64)
    context = torch.zeros(3, 2, 5, dtype=torch.float64)
    for b in range(3):
        real = [t for t in range(4) if MASK[b, t]]
        for k in range(2):
            odds = {t: math.exp(scores(b, k, t)) for t in real}
            for t in real:
                weights[b, k, t] = odds[t] / sum(odds.values())
                context[b, k] += weights[b, k, t] * states[b, t]
    return context, weights


def test_additive_attention_by_loops():
    torch.manual_seed(0)
    attention = AdditiveAttention(6, 5, 7).double().requires_grad_(False)
    asked, states = _case(6)

    def score(b: int, k: int, t: int) -> float:
        total = 0.0
        for unit in range(7):
            inside = float(attention.asked.bias[unit])
            inside += sum(float(attention.asked.weight[unit, i] * asked[b, k, i]) for i in range(6))
            inside += sum(float(attention.key.weight[unit, i] * states[b, t, i]) for i in range(5))
            total += float(attention.score.weight[0, unit]) * math.tanh(inside)
        return total

    found = attention(asked, Memory(states, attention.keys(states), MASK))
    for one, other in zip(found, _by_loops(score, states), strict=True):
        torch.testing.assert_close(one, other)


def test_dot_attention_by_loops():
    asked, states = _case()
    found = DotAttention()(asked, Memory(states, DotAttention().keys(states), MASK))
    expected = _by_loops(lambda b, k, t: float(asked[b, k] @ states[b, t]), states)
    for one, other in zip(found, expected, strict=True):
        torch.testing.assert_close(one, other)


@pytest.mark.parametrize("attention", [AdditiveAttention(5, 5, 3), DotAttention()], ids=["additive", "dot"])
def test_what_stands_at_padding_has_no_part_and_no_gradient(attention):
    asked, states = (part.float() for part in _case())
    states.requires_grad_()
    other = torch.where(MASK.unsqueeze(2), states, 99.0)
    context, weights = attention(asked, Memory(other, attention.keys(other), MASK))
    plain, _ = attention(asked, Memory(states, attention.keys(states), MASK))
    torch.testing.assert_close(context, plain)
    assert (weights[~MASK.unsqueeze(1).expand_as(weights)] == 0).all()
    context.sum().backward()
    assert states.grad is not None
    assert (states.grad[~MASK] == 0).all()
    assert states.grad.isfinite().all()


@pytest.mark.parametrize("attention", [AdditiveAttention(5, 5, 3), DotAttention()], ids=["additive", "dot"])
def test_weights_sum_to_one_where_there_are_tokens_and_half_precision_is_finite(attention):
    asked, states = (part.bfloat16() * 50 for part in _case())
    attention = attention.bfloat16()
    context, weights = attention(asked, Memory(states, attention.keys(states), MASK))
    assert context.isfinite().all()
    assert weights.sum(dim=2).tolist() == [pytest.approx([one] * 2, abs=0.02) for one in (1, 1, 0)]
    attention.float()


def test_many_rows_are_taken_in_parts_to_the_same_effect(monkeypatch):
    torch.manual_seed(0)
    attention = AdditiveAttention(6, 5, 7).double()
    asked, states = _case(6)
    memory = Memory(states, attention.keys(states), MASK)
    whole, _ = attention(asked, memory)
    monkeypatch.setattr(label_parts, "MOST_KEPT", 1)
    torch.testing.assert_close(attention(asked, memory)[0], whole)
