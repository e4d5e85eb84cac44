"""The equations of LACO as functions of tensors; the paper is named in laco.py."""

from __future__ import annotations

import torch
from torch import Generator, Tensor
from torch.nn import functional

from workbench.methods.vectors import at_least_float32


def sample_pairs(
    targets: Tensor, negatives_per_positive: int, generator: Generator | None = None
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Draws pairs of labels to tell apart: both of the document, or only one of them (LACO, section 3.4.1).

    A document with two labels or more gives one pair of its own labels; each document with a label gives
    `negatives_per_positive` pairs of one of its labels and one other, or as many as there are other labels.
    The order inside a pair is random. Nothing twice: the other labels of a document's pairs differ.

    Shapes: targets (B, L) of 0 and 1 -> (document (P,), first (P,), second (P,), is_pair (P,) bool).
    """
    own = targets.bool()
    ranked = _shuffled(own, generator)
    document = (own.sum(dim=1) > 1).nonzero().squeeze(1)
    positives = (
        torch.stack([document, ranked[document, 0], ranked[document, 1]]) if own.shape[1] > 1 else None
    )
    count = min(negatives_per_positive, own.shape[1])
    others = _shuffled(~own, generator)[:, :count]
    is_there = own.gather(1, others).logical_not() & own.any(dim=1, keepdim=True)
    row, place = is_there.nonzero(as_tuple=True)
    picked = _picked(own[row], generator)
    negatives = torch.stack([row, picked, others[row, place]])
    pairs = negatives if positives is None else torch.cat([positives, negatives], dim=1)
    is_pair = torch.zeros(pairs.shape[1], dtype=torch.bool, device=targets.device)
    is_pair[: pairs.shape[1] - negatives.shape[1]] = True
    turned = torch.rand(pairs.shape[1], device=targets.device, generator=generator) < 0.5
    return pairs[0], torch.where(turned, pairs[2], pairs[1]), torch.where(turned, pairs[1], pairs[2]), is_pair


def sample_given(targets: Tensor, s: int, generator: Generator | None = None) -> Tensor:
    """Draws which labels of a document are given, the others being asked for (LACO, section 3.4.2).

    s of them, but at least one is left to be asked for: a document with one label or none gives none.
    Shapes: targets (B, L) of 0 and 1 -> given (B, L) bool.
    """
    own = targets.bool()
    count = (own.sum(dim=1) - 1).clamp(min=0, max=s)
    rank = _shuffled(own, generator).argsort(dim=1)
    return own & (rank < count.unsqueeze(1))


def pair_features(labels: Tensor, document: Tensor, first: Tensor, second: Tensor) -> Tensor:
    """Two labels' states beside each other, (P, 2H); labels (L, H) or (B, L, H), the rest (P,)."""
    if labels.dim() == 2:
        return torch.cat([labels[first], labels[second]], dim=-1)
    return torch.cat([labels[document, first], labels[document, second]], dim=-1)


def given_features(labels: Tensor, given: Tensor) -> Tensor:
    """The mean of the given labels' states (LACO, section 3.4.2), zero without any.

    Shapes: labels (L, H) or (B, L, H), given (B, L) -> (B, H).
    """
    shares = given.to(labels.dtype) / given.sum(dim=1, keepdim=True).clamp(min=1)
    return shares @ labels if labels.dim() == 2 else (shares.unsqueeze(1) @ labels).squeeze(1)


def pair_loss(logits: Tensor, is_pair: Tensor) -> Tensor:
    """Whether two labels occur together (LACO Eq. 5): the mean over pairs, zero without any.

    Shapes: logits (P,), is_pair (P,) -> scalar in float32 or better.
    """
    exact = at_least_float32(logits)
    if not len(exact):
        return exact.sum() * 0.0
    return functional.binary_cross_entropy_with_logits(exact, is_pair.to(exact.dtype))


def conditional_loss(logits: Tensor, targets: Tensor, given: Tensor) -> Tensor:
    """Which other labels come with the given ones (LACO Eq. 6).

    The sum over a document's labels that are not given; the mean over documents with given labels, zero
    where there are none. Shapes: logits, targets and given (B, L) -> scalar in float32 or better.
    """
    exact = at_least_float32(logits)
    terms = functional.binary_cross_entropy_with_logits(exact, targets.to(exact.dtype), reduction="none")
    asked = given.any(dim=1)
    summed = terms.masked_fill(given, 0.0).sum(dim=1)
    return (summed * asked).sum() / asked.sum().clamp(min=1)


def _shuffled(among: Tensor, generator: Generator | None) -> Tensor:
    """The labels of each row in random order, those in `among` before all others: (B, L)."""
    keys = torch.rand(among.shape, device=among.device, generator=generator)
    return (keys + (~among).to(keys.dtype) * 2).argsort(dim=1)


def _picked(among: Tensor, generator: Generator | None) -> Tensor:
    """One label of each row's, drawn with equal chances: among (P, L), each row with one at least -> (P,)."""
    keys = torch.rand(among.shape, device=among.device, generator=generator)
    return keys.masked_fill(~among, -1.0).argmax(dim=1) if among.numel() else keys.new_zeros(0).long()
