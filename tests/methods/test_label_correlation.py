"""The residual block of label correlation by plain loops."""

from __future__ import annotations

import math

import pytest
import torch

from workbench.methods.label_correlation import CorrelationBlock, correlation_blocks


@pytest.mark.parametrize("labels", [1, 4])
def test_a_block_is_that_of_plain_loops(labels: int):
    torch.manual_seed(0)
    block = CorrelationBlock(labels, 3).double()
    torch.nn.init.normal_(block.outer.weight)
    torch.nn.init.normal_(block.outer.bias)
    logits = 3 * torch.randn(2, labels, dtype=torch.float64)
    with torch.no_grad():
        found = block(logits)
    w1, b1, w2, b2 = (
        part.tolist() for part in (block.inner.weight, block.inner.bias, block.outer.weight, block.outer.bias)
    )
    for row, got in zip(logits.tolist(), found.tolist(), strict=True):
        sure = [1 / (1 + math.exp(-z)) for z in row]
        inner = [b + sum(w * p for w, p in zip(ws, sure, strict=True)) for ws, b in zip(w1, b1, strict=True)]
        units = [value if value > 0 else math.exp(value) - 1 for value in inner]
        expected = [
            z + b + sum(w * u for w, u in zip(ws, units, strict=True))
            for z, ws, b in zip(row, w2, b2, strict=True)
        ]
        assert got == pytest.approx(expected)


def test_at_first_next_to_nothing_changes_and_extreme_logits_stay_numbers():
    torch.manual_seed(0)
    blocks = correlation_blocks(3, 10, 200)
    logits = torch.randn(4, 10)
    assert len(blocks) == 3
    assert (blocks(logits) - logits).abs().max() < 0.5
    assert blocks(1e6 * logits).isfinite().all()
    assert blocks.half()(logits.half()).isfinite().all()
