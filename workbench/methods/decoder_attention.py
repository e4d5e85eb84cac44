"""How a decoder looks at states: by a small network or by dot products, never at padding."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workbench.methods.label_attention import masked_softmax
from workbench.methods.label_parts import part_size
from workbench.methods.vectors import at_least_float32


@dataclass(frozen=True)
class Memory:
    """What is attended to: states (B, T, D), the keys (B, T, A) they are found by, and their mask (B, T)."""

    states: Tensor
    keys: Tensor
    mask: Tensor


class AdditiveAttention(nn.Module):
    """e = v . tanh(W s + U h) ("Neural Machine Translation by Jointly Learning to Align and Translate")."""

    def __init__(self, size: int, memory_size: int, units: int) -> None:
        """Decoder states of `size` numbers look at states of `memory_size`."""
        super().__init__()
        self.asked = nn.Linear(size, units)
        self.key = nn.Linear(memory_size, units, bias=False)
        self.score = nn.Linear(units, 1, bias=False)

    def keys(self, states: Tensor) -> Tensor:
        """U h, computed once a document: (B, T, D) -> (B, T, A)."""
        keys: Tensor = self.key(states)
        return keys

    def forward(self, asked: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """What K decoder states a document see: asked (B, K, S) -> context (B, K, D), weights (B, K, T)."""
        parts = asked.split(part_size(memory.keys.numel()), dim=1)
        scores = torch.cat([self._scores(some, memory) for some in parts], dim=1)
        return _seen(scores, memory)

    def _scores(self, asked: Tensor, memory: Memory) -> Tensor:
        inside = self.asked(asked).unsqueeze(2) + memory.keys.unsqueeze(1)  # (B, K, T, A)
        scores: Tensor = self.score(inside.tanh()).squeeze(3)
        return scores


class DotAttention(nn.Module):
    """e = s . h ("Effective Approaches to Attention-based Neural Machine Translation"); both of one size."""

    def keys(self, states: Tensor) -> Tensor:
        """The states themselves (B, T, D)."""
        return states

    def forward(self, asked: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
        """What K decoder states a document see: asked (B, K, D) -> context (B, K, D), weights (B, K, T)."""
        return _seen(asked @ memory.keys.transpose(1, 2), memory)


def _seen(scores: Tensor, memory: Memory) -> tuple[Tensor, Tensor]:
    weights = masked_softmax(at_least_float32(scores), memory.mask.unsqueeze(1)).to(scores.dtype)
    return weights @ memory.states, weights
