"""The equations of CL-MIL as functions of tensors; the paper is named in cl_mil.py."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Generator, Tensor
from torch.nn import functional

from workbench.errors import WorkbenchError
from workbench.methods.cross_attention import cross_attention_scores
from workbench.methods.vectors import at_least_float32, to_unit_length

RELATED, WEAK, CONTRADICTING = 0, 1, 2
"""What CLRL tells apart: Y+, Y* and Y- of Table 1."""


class FineGrained(NamedTuple):
    """What fine-grained interaction gives.

    Attributes:
        document: H_FIL (B, H).
        correlation: C (B, T, L), zero at padding.
        weights: S (B, T) in [0, 1), zero at padding.
    """

    document: Tensor
    correlation: Tensor
    weights: Tensor


def contrastive_loss(
    anchor: Tensor,
    positive: Tensor,
    negatives: Tensor,
    temperature: float = 20.0,
    reading: str = "default",
    is_negative: Tensor | None = None,
) -> Tensor:
    """Draws an anchor to its positive and away from its N negatives (CL-MIL Eq. 1): the mean over anchors.

    Readings: "default" and "code" multiply cosines by the temperature and count the positive once; "paper"
    divides by it and counts the positive N times, so that the loss never falls below log N. Anchors without
    a negative add nothing; zero where there is no other. Shapes: anchor and positive (A, H), negatives (M, H)
    of all anchors, is_negative (A, M) says whose they are (unset: each is everyone's) -> scalar in float32
    or better.

    Raises:
        WorkbenchError: for an unknown reading.
    """
    if reading not in ("default", "code", "paper"):
        raise WorkbenchError(f"Eq. 1 has no reading {reading!r}. It has: default, code, paper.")
    scale = 1 / temperature if reading == "paper" else temperature
    targets = to_unit_length(anchor)
    own = (targets * to_unit_length(positive)).sum(dim=-1) * scale  # (A,)
    others = targets @ to_unit_length(negatives).T * scale  # (A, M)
    if is_negative is not None:
        others = others.masked_fill(~is_negative, -math.inf)
    counts = (others > -math.inf).sum(dim=1)
    own, others, counts = own[counts > 0], others[counts > 0], counts[counts > 0]
    times = counts.to(own.dtype).log() if reading == "paper" else 0.0
    summed = torch.cat([(own + times).unsqueeze(1), others], dim=1).logsumexp(dim=1)
    return (summed - own).sum() / max(len(own), 1)


def global_max(states: Tensor, mask: Tensor) -> Tensor:
    """The largest of each number over real tokens; zero without any: (B, T, H), mask (B, T) -> (B, H)."""
    real = mask.bool().unsqueeze(-1)
    return states.masked_fill(~real, -math.inf).amax(dim=1).masked_fill(~real.any(dim=1), 0.0)


def fine_grained(
    tokens: Tensor, labels: Tensor, mask: Tensor, weight: Tensor, bias: Tensor | None = None
) -> FineGrained:
    """Words weighed by what they and their neighbours have to do with labels (CL-MIL Eq. 2-5).

    The correlations of unit vectors go through a 2-D convolution, ReLU, the largest of labels (and filters)
    and tanh; the document is the largest of its weighted unit vectors. Where the window reaches beyond the
    words or the labels, it sees zeros. Shapes: tokens (B, T, H), labels (L, H) or (B, L, H), mask (B, T),
    weight (F, 1, K, K'), bias (F,).
    """
    real = mask.bool()
    correlation = cross_attention_scores(tokens, labels, real)  # (B, T, L)
    tall, wide = (size - 1 for size in weight.shape[2:])
    framed = functional.pad(
        correlation.unsqueeze(1), (wide // 2, wide - wide // 2, tall // 2, tall - tall // 2)
    )
    seen = functional.conv2d(framed, weight, bias).relu()  # (B, F, T, L)
    weights = torch.tanh(seen.amax(dim=(1, 3))).masked_fill(~real, 0.0)  # (B, T)
    weighed = weights.unsqueeze(-1) * to_unit_length(tokens).to(weights.dtype)
    return FineGrained(global_max(weighed, real), correlation, weights)


def receptive_field(kernel: int, dilations: Sequence[int]) -> int:
    """How many tokens one output of dilated convolutions above each other sees."""
    return 1 + (kernel - 1) * sum(dilations)


def mixed_logits(fine: Tensor, coarse: Tensor, gamma: float) -> Tensor:
    """The logit of gamma * sigmoid(fine) + (1 - gamma) * sigmoid(coarse) (CL-MIL, section 3.3.3).

    In log space, so that neither end rounds to 0 or 1. Shapes: all (B, L), in float32 or better.
    """
    fine, coarse = at_least_float32(fine), at_least_float32(coarse)
    if gamma in (0.0, 1.0):
        return fine if gamma else coarse

    def log_mixed(one: Tensor, other: Tensor) -> Tensor:
        parts = functional.logsigmoid(one), functional.logsigmoid(other)
        return torch.logaddexp(parts[0] + math.log(gamma), parts[1] + math.log1p(-gamma))

    return log_mixed(fine, coarse) - log_mixed(-fine, -coarse)


def relation_features(a: Tensor, b: Tensor) -> Tensor:
    """Two labels' states and how far they are apart, number by number (CL-MIL Eq. 11): (P, H) -> (P, 3H)."""
    return torch.cat([a, b, (a - b).abs()], dim=-1)


def constraint_classes(own: Tensor, anchor: Tensor, frequent: Tensor, reading: str = "default") -> Tensor:
    """Which set of Table 1 each label is in, for documents in a batch: RELATED, WEAK or CONTRADICTING.

    The same sets as `metrics.label_relations.constraint_sets` gives for one document; the anchor itself is
    in none and gets -1. Shapes: own (P, L) of 0 and 1, anchor (P,), frequent (L, L) bool as
    `metrics.label_relations.frequent_partners` gives it -> (P, L) int64.

    Raises:
        WorkbenchError: for an unknown reading.
    """
    if reading not in ("default", "anchor"):
        raise WorkbenchError(f"Table 1 has no reading {reading!r}. It has: default, anchor.")
    own = own.bool()
    near = frequent[anchor] if reading == "anchor" else own.float() @ frequent.float() > 0
    classes = torch.where(near, WEAK, CONTRADICTING).masked_fill(own, RELATED)
    return classes.scatter(1, anchor.unsqueeze(1), -1)


def sample_relations(
    targets: Tensor,
    frequent: Tensor,
    reading: str = "default",
    partner: str = "balanced",
    generator: Generator | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Draws one pair of labels a document: A of its own, B any other, and how they relate (CL-MIL 3.3.2).

    B: "balanced" draws one of the sets that are there, each with equal chances, then a label of it; "paper"
    draws among all labels but A. Documents without labels give no pair, nor does a single label. Shapes:
    targets (B, L), frequent (L, L) bool -> (document (P,), a (P,), b (P,), relation (P,)).

    Raises:
        WorkbenchError: for an unknown reading or way to draw B.
    """
    if partner not in ("balanced", "paper"):
        raise WorkbenchError(f"Label B is drawn balanced or paper, not {partner!r}.")
    document = (
        targets.any(dim=1).nonzero().squeeze(1) if targets.shape[1] > 1 else targets.new_zeros(0).long()
    )
    own = targets[document].bool()
    if not len(document):
        return document, document, document, document
    a = torch.multinomial(own.float(), 1, generator=generator).squeeze(1)
    classes = constraint_classes(own, a, frequent, reading)
    chances = (classes >= 0).float()
    if partner == "balanced":
        sizes = functional.one_hot(classes + 1, 4).sum(dim=1)  # (P, 4), the anchor's own first
        chances = chances / sizes.gather(1, classes + 1)
    b = torch.multinomial(chances, 1, generator=generator).squeeze(1)
    return document, a, b, classes.gather(1, b.unsqueeze(1)).squeeze(1)


def relation_loss(logits: Tensor, relation: Tensor) -> Tensor:
    """How two labels relate (CL-MIL Eq. 12): the mean over pairs, zero without any.

    Shapes: logits (P, 3), relation (P,) -> scalar in float32 or better.
    """
    exact = at_least_float32(logits)
    return functional.cross_entropy(exact, relation, reduction="sum") / max(len(relation), 1)
