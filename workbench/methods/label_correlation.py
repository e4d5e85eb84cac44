"""A residual block that lets labels' logits tell on each other."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class CorrelationBlock(nn.Module):
    """z <- z + W_2 ELU(W_1 sigmoid(z)), through fewer units than there are labels.

    At first it changes next to nothing, so that what comes in is kept.
    Source: "Correlation Networks for Extreme Multi-label Text Classification" (2020).
    """

    def __init__(self, n_labels: int, units: int) -> None:
        super().__init__()
        self.inner = nn.Linear(n_labels, units)
        self.outer = nn.Linear(units, n_labels)
        nn.init.normal_(self.outer.weight, std=0.01)
        nn.init.zeros_(self.outer.bias)

    def forward(self, logits: Tensor) -> Tensor:
        """Logits (B, L) with what the others say: (B, L)."""
        told: Tensor = self.outer(functional.elu(self.inner(torch.sigmoid(logits))))
        return logits + told


def correlation_blocks(count: int, n_labels: int, units: int) -> nn.Sequential:
    """So many blocks, one behind the other."""
    return nn.Sequential(*(CorrelationBlock(n_labels, units) for _ in range(count)))
