"""From token states to one vector per document; padding takes no part."""

from __future__ import annotations

import torch
from torch import Tensor


def masked_mean(tokens: Tensor, mask: Tensor) -> Tensor:
    """Mean over real tokens, zero without any. Shapes: tokens (B, T, H), mask (B, T) -> (B, H)."""
    real = tokens.masked_fill(~mask.unsqueeze(-1).bool(), 0.0)
    count = mask.sum(dim=1, keepdim=True).clamp(min=1)  # an integer: bfloat16 counts to 256 only
    exact = torch.promote_types(tokens.dtype, torch.float32)
    return (real.sum(dim=1, dtype=exact) / count).to(tokens.dtype)


def masked_max(tokens: Tensor, mask: Tensor) -> Tensor:
    """Maxima over real tokens, zero without any. Shapes: tokens (B, T, H), mask (B, T) -> (B, H)."""
    real = mask.unsqueeze(-1).bool()
    return tokens.masked_fill(~real, -torch.inf).amax(dim=1).masked_fill(~real.any(dim=1), 0.0)


def first(tokens: Tensor, mask: Tensor) -> Tensor:
    """The state of the first real token, `[CLS]` where the tokenizer adds one. -> (B, H)."""
    return _pick(tokens, mask.bool().to(torch.int64).argmax(dim=1))


def last(tokens: Tensor, mask: Tensor) -> Tensor:
    """The state of the last real token, wherever the padding stands. -> (B, H)."""
    positions = torch.arange(mask.shape[1], device=mask.device)
    return _pick(tokens, (positions * mask.bool()).argmax(dim=1))


def _pick(tokens: Tensor, position: Tensor) -> Tensor:
    return tokens[torch.arange(len(tokens), device=tokens.device), position]
