"""CL-MIL's trained parts against plain loops in float64."""

from __future__ import annotations

import math

import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods.cl_mil_equations import (
    receptive_field,
)
from workbench.methods.cl_mil_modules import (
    DILATIONS,
    KERNEL,
    CoarseInteraction,
    GatedDilatedConvolution,
    SelfAttention,
)


def _random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def test_a_gated_convolution_is_that_of_plain_loops():
    torch.manual_seed(0)
    size, width, dilation = 2, 6, 2
    layer = GatedDilatedConvolution(size, 3, dilation).double()
    torch.nn.init.normal_(layer.both.bias)
    states, mask = _random(2, width, size), torch.tensor([[1, 1, 1, 1, 1, 0], [0, 1, 1, 0, 0, 0]])
    found = layer(states, mask)
    for b in range(2):
        for t in range(width):
            for h in range(size):
                sums = [float(layer.both.bias[part * size + h]) for part in (0, 1)]
                for i in range(3):
                    at = t + (i - 1) * dilation
                    if 0 <= at < width and mask[b, at]:
                        for part in (0, 1):
                            row = layer.both.weight[part * size + h, :, i]
                            sums[part] += float(row @ states[b, at])
                gate = 1 / (1 + math.exp(-sums[1]))
                expected = float(states[b, t, h]) * (1 - gate) + sums[0] * gate if mask[b, t] else 0.0
                assert found[b, t, h].item() == pytest.approx(expected, abs=1e-12)


@torch.no_grad()
def test_attention_is_that_of_plain_loops_and_never_looks_at_padding():
    torch.manual_seed(0)
    attention = SelfAttention(4, 2).double()
    states, mask = _random(1, 3, 4), torch.tensor([[1, 1, 0]])
    query, key, value = attention.inside(states[0]).view(3, 3, 2, 2).unbind(1)  # (T, heads, 2) each
    rows = []
    for t in range(3):
        heads = []
        for head in range(2):
            scores = [float(query[t, head] @ key[u, head]) / math.sqrt(2) for u in range(2)]
            total = sum(math.exp(score) for score in scores)
            parts = [math.exp(score) / total * value[u, head] for u, score in enumerate(scores)]
            heads.append(sum(parts))
        rows.append(attention.outside(torch.cat(heads)))
    torch.testing.assert_close(attention(states, mask)[0], torch.stack(rows))


def test_heads_that_do_not_divide_the_size_are_refused():
    with pytest.raises(WorkbenchError, match=r"12 numbers .* 8 heads.*1, 2, 3, 4, 6"):
        CoarseInteraction(12, 8)


def test_coarse_grained_interaction_is_its_parts_one_after_another():
    torch.manual_seed(0)
    coarse = CoarseInteraction(4, 2).double()
    tokens, mask = _random(2, 7, 4), torch.tensor([[1, 1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 0, 0, 0]])
    found = coarse(tokens, mask)
    assert len(coarse.layers) == 15
    for b in range(2):
        real = int(mask[b].sum())
        states, whole = tokens[b : b + 1, :real], mask[b : b + 1, :real]  # no padding at all
        for layer in coarse.layers:
            states = layer(states, whole)
        both = torch.cat([coarse.attention(states, whole), states], dim=-1)[0]  # (T, 2H)
        rows = []
        for t in range(real):
            row = coarse.convolution.bias.clone()
            for i in range(3):
                if 0 <= t + i - 1 < real:
                    row = row + coarse.convolution.weight[:, :, i] @ both[t + i - 1]
            rows.append(row)
        torch.testing.assert_close(found[b], torch.stack(rows).amax(dim=0))


def test_padding_that_is_no_number_leaks_nowhere():
    torch.manual_seed(0)
    coarse = CoarseInteraction(4, 2)
    tokens, mask = torch.randn(1, 9, 4), torch.tensor([[1, 1, 1, 0, 0, 0, 0, 0, 0]])
    filled = tokens.masked_fill(~mask.bool().unsqueeze(-1), 1e6)
    torch.testing.assert_close(coarse(filled, mask), coarse(tokens, mask))
    torch.testing.assert_close(coarse(tokens[:, :3], mask[:, :3]), coarse(tokens, mask))
    assert torch.isfinite(coarse(tokens, 0 * mask)).all()
    assert (coarse(tokens, 0 * mask) == 0).all()


@pytest.mark.parametrize("kernel, dilations", [(3, (1,)), (3, (1, 2, 5)), (3, DILATIONS), (5, (1, 3))])
def test_the_receptive_field_is_what_gradients_reach(kernel: int, dilations: tuple[int, ...]):
    torch.manual_seed(0)
    width = 101
    layers = [GatedDilatedConvolution(2, kernel, dilation).double() for dilation in dilations]
    tokens, mask = _random(1, width, 2).requires_grad_(), torch.ones(1, width)
    states = tokens
    for layer in layers:
        states = layer(states, mask)
    states[0, width // 2].sum().backward()
    reached = tokens.grad[0].abs().sum(dim=-1).nonzero().squeeze(1)
    assert int(reached[-1] - reached[0]) + 1 == receptive_field(kernel, dilations)


def test_the_papers_fifteen_layers_see_71_words():
    assert len(DILATIONS) == 15
    assert receptive_field(KERNEL, DILATIONS) == 71
