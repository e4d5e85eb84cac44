"""The trained parts of CL-MIL's dual-grained interaction; the paper is named in cl_mil.py."""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.errors import WorkbenchError
from workbench.methods.cl_mil_equations import FineGrained, fine_grained, global_max

KERNEL = 3
DILATIONS = (1, 2, 5) * 4 + (1, 1, 1)
"""Of the 15 gated convolutions, from the first to the last; the paper does not print them."""
CARRY = -3.0
"""Bias that the gates begin with: most of what comes in is carried on, or 15 layers would shrink it away."""


class FineInteraction(nn.Module):
    """Fine-grained interaction with a convolution over words and labels (Eq. 2-5)."""

    def __init__(self, window: int, filters: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(1, filters, window)
        nn.init.ones_(cast(Tensor, self.convolution.bias))  # at first all words count, and none is cut off

    def forward(self, tokens: Tensor, labels: Tensor, mask: Tensor) -> FineGrained:
        """Shapes as in `fine_grained`."""
        return fine_grained(tokens, labels, mask, self.convolution.weight, self.convolution.bias)


class GatedDilatedConvolution(nn.Module):
    """One layer of Eq. 6: H * (1 - s) + Conv1D_1(H) * s with s = sigmoid(Conv1D_2(H))."""

    def __init__(self, size: int, kernel: int = KERNEL, dilation: int = 1) -> None:
        super().__init__()
        around = dilation * (kernel - 1) // 2
        self.both = nn.Conv1d(size, 2 * size, kernel, padding=around, dilation=dilation)  # Conv1D_1, Conv1D_2
        for part in self.both.weight.data.chunk(2):
            nn.init.xavier_uniform_(part)
        with torch.no_grad():
            cast(Tensor, self.both.bias).copy_(torch.tensor([0.0, CARRY]).repeat_interleave(size))

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (B, T, H) and mask (B, T) -> (B, T, H), zero at padding, which takes no part."""
        real = mask.bool().unsqueeze(-1)
        states = states.masked_fill(~real, 0.0)
        value, gate = self.both(states.transpose(1, 2)).transpose(1, 2).chunk(2, dim=-1)
        return torch.lerp(states.to(value.dtype), value, gate.sigmoid()).masked_fill(~real, 0.0)


class SelfAttention(nn.Module):
    """Multi-head attention among the tokens of each document (Eq. 7, first line)."""

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        if size % heads:
            fits = ", ".join(str(number) for number in range(1, heads) if size % number == 0)
            raise WorkbenchError(
                f"{size} numbers a token cannot be shared out to {heads} heads of attention. "
                f"Take a number that divides them (--set attention_heads=…): {fits}."
            )
        self.heads = heads
        self.inside = nn.Linear(size, 3 * size)
        self.outside = nn.Linear(size, size)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """States (B, T, H) and mask (B, T) -> (B, T, H); nothing looks at padding."""
        rows, width, size = states.shape
        split = self.inside(states).view(rows, width, 3, self.heads, size // self.heads)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        real = mask.bool()
        seen = (real | ~real.any(dim=1, keepdim=True))[:, None, None]  # without any, softmax has nothing
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        joined: Tensor = self.outside(found.transpose(1, 2).reshape(rows, width, size))
        return joined


class CoarseInteraction(nn.Module):
    """Coarse-grained interaction: gated dilated convolutions, attention, convolution, maximum (Eq. 6-7)."""

    def __init__(self, size: int, heads: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(GatedDilatedConvolution(size, dilation=d) for d in DILATIONS)
        self.attention = SelfAttention(size, heads)
        self.convolution = nn.Conv1d(2 * size, size, KERNEL, padding=KERNEL // 2)
        nn.init.xavier_uniform_(self.convolution.weight)

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """H_CIL (B, H) from tokens (B, T, H) and mask (B, T)."""
        states = tokens
        for layer in self.layers:
            states = layer(states, mask)
        attended = self.attention(states, mask)
        both = torch.cat([attended, states.to(attended.dtype)], dim=-1)
        both = both.masked_fill(~mask.bool().unsqueeze(-1), 0.0)
        return global_max(self.convolution(both.transpose(1, 2)).transpose(1, 2), mask)
