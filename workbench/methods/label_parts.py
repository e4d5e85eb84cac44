"""Labels taken some at a time, where what all of them compute would not fit into memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import cast

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from workbench.errors import WorkbenchError
from workbench.memory import free_main_memory

MOST_KEPT = 2**26
"""Numbers of all labels that training keeps for the way back; above it, they are computed twice."""

_BATCH = 32  # documents that a step is guessed for
_KEPT = 6  # numbers kept of each score on the way back
_COPIES = 4  # of a weight in training: itself, its gradient, and Adam's two


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


def require_label_room(method: str, n_labels: int, weights: int) -> None:
    """Raise WorkbenchError where training has no room for so many labels, although they are taken in parts.

    What is guessed: each label's own `weights` with what Adam keeps of them, and of a batch of 32 documents
    the scores with what is kept of them on the way back. No matrix of labels and words (B, L, T) is made
    whole, and a part has at most `MOST_KEPT` numbers.
    """
    needed, free = 4 * n_labels * (_COPIES * weights + _KEPT * _BATCH), free_main_memory()
    if needed > free:
        raise WorkbenchError(
            f"{method} keeps {weights:,} weights of each label and scores all at once. The corpus has "
            f"{n_labels:,} labels: in training they need about {needed / 1e9:.1f} GB ({_BATCH} documents a "
            f"batch), and {free / 1e9:.1f} GB are free. Keep fewer labels, or take a method with fewer "
            "weights of each, such as httn."
        )
