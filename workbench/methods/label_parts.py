"""Labels taken some at a time, where what all of them compute would not fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

MOST_KEPT = 2**26
"""Numbers of all labels that training keeps for the way back; above it, they are computed twice."""


def part_size(numbers: int) -> int:
    """How many labels, or pairs, of so many numbers each are taken at once; at least one."""
    return max(1, MOST_KEPT // max(1, numbers))


def in_label_parts(of: Callable[..., Tensor], labels: Sequence[Tensor], numbers: int) -> Tensor:
    """What `of` gives for tensors with one row a label, (L, ...) each -> (B, L, ...).

    Each label takes `numbers` numbers on the way. Where all take more than `MOST_KEPT`, `of` is called for
    some labels at a time, and what it computed is not kept for the way back but computed again there. An `of`
    that sums over labels, (B, 1, ...), gives one sum for each part.
    """
    size = part_size(numbers)
    if size >= len(labels[0]):
        return of(*labels)
    rows = zip(*(tensor.split(size) for tensor in labels), strict=True)
    return torch.cat([cast(Tensor, checkpoint(of, *part, use_reentrant=False)) for part in rows], dim=1)
