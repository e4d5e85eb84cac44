"""The equations of ProtoMix as functions of tensors; the paper is named in protomix.py."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.errors import WorkbenchError


def classification_loss(logits: Tensor, targets: Tensor, reading: str = "default") -> Tensor:
    """Binary cross entropy over all labels (ProtoMix Eq. 3), mean over the batch; targets may be soft.

    Readings: "default" takes the mean over the L labels, as the remark that the distance term is far larger
    implies; "paper" the printed sum. Shapes: logits (B, L), targets (B, L) in [0, 1] -> scalar.
    """
    entropy = functional.binary_cross_entropy_with_logits(logits.float(), targets.float(), reduction="none")
    if reading == "default":
        return entropy.mean(dim=1).mean()
    if reading == "paper":
        return entropy.sum(dim=1).mean()
    raise WorkbenchError(f"Unknown reading {reading!r} of ProtoMix Eq. 3; known readings: default, paper.")


def average_prototype(labels: Tensor, targets: Tensor) -> Tensor:
    """The mean of each document's positive label embeddings (ProtoMix Eq. 5).

    Shapes: labels (L, H) or (B, L, H), targets (B, L) in {0, 1} -> (B, H); rows without labels are zero.
    """
    positives = targets.to(labels.dtype)
    return _blend(positives / positives.sum(dim=1, keepdim=True).clamp(min=1), labels)


def attentive_prototype(document: Tensor, labels: Tensor, targets: Tensor) -> Tensor:
    """Blend each document's positive labels by how much the document resembles them (ProtoMix Eq. 6-7).

    The weights are a softmax of cosines over the positives alone, without a temperature; gradients flow.
    Shapes: document (B, H), labels (L, H) or (B, L, H), targets (B, L) in {0, 1} -> (B, H); rows without
    labels are zero.
    """
    is_positive = targets > 0  # (B, L)
    similarity = _cosine(document, labels)  # (B, L)
    lowest = torch.finfo(similarity.dtype).min
    weights = (
        similarity.masked_fill(~is_positive, lowest).softmax(dim=1) * is_positive
    )  # rows without labels: 0
    return _blend(weights, labels)


def prototype_distance(
    document: Tensor, prototype: Tensor, targets: Tensor | None = None, reduction: str = "mean"
) -> Tensor:
    """Squared distance between documents and their prototypes (ProtoMix Eq. 8), averaged over documents.

    `reduction="mean"` divides by H as the right-hand side of Eq. 8 does; "sum" is the squared norm on its
    left. Documents without labels (rows of `targets` that are all zero) have no prototype and drop out; where
    none is left the distance is zero. Shapes: document (B, H), prototype (B, H), targets (B, L) -> scalar.
    """
    if reduction not in ("mean", "sum"):
        raise WorkbenchError(
            f"Unknown reduction {reduction!r} of ProtoMix Eq. 8; known reductions: mean, sum."
        )
    squares = (document.float() - prototype.float()).square()
    distance = squares.mean(dim=1) if reduction == "mean" else squares.sum(dim=1)  # (B,)
    has_labels = torch.ones_like(distance) if targets is None else (targets > 0).any(dim=1).to(distance.dtype)
    return (distance * has_labels).sum() / has_labels.sum().clamp(min=1)


def mix(a: Tensor, b: Tensor, lam: float | Tensor) -> Tensor:
    """Interpolate linearly: (1 - lam) a + lam b (ProtoMix Eq. 11 and 13); shapes as given."""
    return (1 - lam) * a + lam * b


def _cosine(document: Tensor, labels: Tensor) -> Tensor:
    unit_labels = functional.normalize(labels, dim=-1)
    return (
        (unit_labels @ functional.normalize(document, dim=-1).unsqueeze(-1)).squeeze(-1)
        if labels.dim() == 3
        else functional.normalize(document, dim=-1) @ unit_labels.T
    )


def _blend(weights: Tensor, labels: Tensor) -> Tensor:
    weights = weights.to(labels.dtype)
    return (weights.unsqueeze(1) @ labels).squeeze(1) if labels.dim() == 3 else weights @ labels
