"""The equations of SEP-MLDC as functions of tensors.

Paper: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification".
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Generator, Tensor
from torch.nn import functional

from workbench.errors import WorkbenchError
from workbench.methods.vectors import at_least_float32, to_unit_length


class GuidedFeatures(NamedTuple):
    """What label-guided feature selection gives.

    Attributes:
        features: e_input of Eq. 18, the labels' part before the document's (B, 2H).
        weights: alpha of Eq. 17 (B, L), rows sum to 1.
    """

    features: Tensor
    weights: Tensor


def label_similarity(targets: Tensor) -> Tensor:
    """How alike labels are in their documents, from 0 to 1: Jaccard's index (SEP-MLDC Eq. 5-8).

    A label without documents is like none, itself included, so that the diagonal says which labels are there.
    The text calls this matrix (B, B) and swaps its two sums; Y^T Y is (L, L). Shapes: targets (B, L) of 0 and
    1 -> (L, L) in float32.
    """
    return _jaccard(targets.T)


def document_similarity(targets: Tensor) -> Tensor:
    """How alike documents are in their labels, from 0 to 1: Jaccard's index (SEP-MLDC Eq. 10-13).

    A document without labels is like none, itself included. The text calls this matrix (L, L); Y Y^T is
    (B, B). Shapes: targets (B, L) of 0 and 1 -> (B, B) in float32.
    """
    return _jaccard(targets)


def label_contrastive_loss(
    labels: Tensor, similarity: Tensor, temperature: float, reading: str = "default"
) -> Tensor:
    """Pushes each label away from the others (SEP-MLDC Eq. 9), all brought to unit length.

    The positive is the label itself, so that the numerator is the same for every unit vector: nothing is
    pulled. It does not stand in the denominator, in either reading: the equation sums over negatives alone,
    and that is not contested. The loss can be negative, down to -2 / temperature.

    Readings of a negative's weight: "default" takes 1 - W, so that labels of the same documents are pushed
    apart least, which is what the text says the loss is for; "paper" takes W as printed, and pushes them
    apart most. Negatives of weight 0 drop out, labels without documents (0 on the diagonal) and labels
    without any negative too. Mean over the labels that are left; zero without any. Shapes: labels (L, H),
    similarity (L, L) as `label_similarity` gives it -> scalar in float32 or better.

    Raises:
        WorkbenchError: for an unknown reading.
    """
    _check_reading(reading, "9")
    with torch.autocast(labels.device.type, enabled=False):
        products = _products(labels, temperature)
        weights = _negative_weights(similarity, reading)
        exists = similarity.diagonal() > 0
        is_negative = exists.unsqueeze(0) & exists.unsqueeze(1) & ~_itself(weights) & (weights > 0)
        is_anchor = is_negative.any(dim=1)
        scores = (products + weights.log()).masked_fill(~is_negative, -torch.inf)[is_anchor]
        own = (products.diagonal() + similarity.diagonal().log())[is_anchor]
        return (scores.logsumexp(dim=1) - own).sum() / max(len(own), 1)


def document_contrastive_loss(
    documents: Tensor, targets: Tensor, similarity: Tensor, temperature: float, reading: str = "default"
) -> Tensor:
    """Draws documents with the same labels together, away from others (SEP-MLDC Eq. 14-15), at unit length.

    Positives have exactly the anchor's labels; all others are negatives. Readings: "default" is the usual
    supervised contrastive loss, the mean over positives with all others in the denominator, negatives weighed
    by 1 - W (those that share labels are pushed least); "paper" is printed: the sum over positives, negatives
    alone in the denominator, weighed by W. Weights of 0 drop out, and so do anchors with an empty
    denominator. An anchor without a positive adds nothing, nor does a document without labels; all are
    counted in Eq. 15's mean over B. Shapes: documents (B, H), targets (B, L) of 0 and 1, similarity (B, B) as
    `document_similarity` gives it -> scalar in float32 or better.

    Raises:
        WorkbenchError: for an unknown reading.
    """
    _check_reading(reading, "14")
    with torch.autocast(documents.device.type, enabled=False):
        itself = _itself(similarity)
        has_same = _have_same_labels(targets) & ~itself
        weights = torch.where(has_same, similarity, _negative_weights(similarity, reading))
        is_positive = has_same & (weights > 0)
        is_below = (~itself if reading == "default" else ~has_same & ~itself) & (weights > 0)
        is_anchor = is_positive.any(dim=1) & is_below.any(dim=1)
        scores = (_products(documents, temperature) + weights.log())[is_anchor]
        below = scores.masked_fill(~is_below[is_anchor], -torch.inf).logsumexp(dim=1, keepdim=True)
        is_positive = is_positive[is_anchor]
        losses = (below - scores).masked_fill(~is_positive, 0.0).sum(dim=1)
        if reading == "default":
            losses = losses / is_positive.sum(dim=1)
        return losses.sum() / max(len(documents), 1)


def label_guided_features(documents: Tensor, labels: Tensor, scale: float = 1.0) -> GuidedFeatures:
    """The labels that a document is like, averaged, beside the document (SEP-MLDC Eq. 16-18).

    The paper takes raw dot products, a `scale` of 1; 1 / sqrt(H) keeps the softmax from choosing a single
    label. Shapes: documents (B, H), labels (L, H) -> features (B, 2H) like the documents, weights (B, L) in
    float32 or better.
    """
    with torch.autocast(documents.device.type, enabled=False):
        exact, towards = at_least_float32(documents), at_least_float32(labels)
        weights = (exact @ towards.T * scale).softmax(dim=-1)
        guided = (weights @ towards).to(documents.dtype)
        return GuidedFeatures(torch.cat([guided, documents], dim=-1), weights)


def classification_loss(logits: Tensor, targets: Tensor, reading: str = "default") -> Tensor:
    """The classification loss (SEP-MLDC Eq. 19).

    Readings: "default" is binary cross entropy, the mean over labels and documents; "paper" is printed, a sum
    over a document's own labels alone, its mean over documents, of a softmax over labels: under a sigmoid it
    would be least where every label is predicted (see `positives_loss`). Shapes: logits and targets (B, L) ->
    scalar in float32 or better.

    Raises:
        WorkbenchError: for an unknown reading.
    """
    _check_reading(reading, "19")
    exact = at_least_float32(logits)
    if reading == "default":
        return functional.binary_cross_entropy_with_logits(exact, targets.to(exact.dtype))
    return positives_loss(exact.log_softmax(dim=-1), targets)


def positives_loss(log_probabilities: Tensor, targets: Tensor) -> Tensor:
    """Eq. 19 to the letter, of probabilities of any kind: the mean over documents.

    Labels that a document lacks add nothing. A softmax's common sum keeps them down all the same; of sigmoids
    nothing does. Shapes: both (B, L) -> scalar.
    """
    return -(log_probabilities * targets.to(log_probabilities.dtype)).sum(dim=-1).mean()


def draw_labels(targets: Tensor, most: int, generator: Generator | None = None) -> Tensor:
    """Which labels a step encodes anew: those of its documents first, then any others, `most` in all.

    Where there are more than `most` of the first, they are drawn too. Shapes: targets (B, L) -> (M,) int64,
    ascending, on the CPU, with M the smaller of L and `most`.
    """
    n_labels = targets.shape[1]
    if n_labels <= most:
        return torch.arange(n_labels)
    drawn = torch.randperm(n_labels, generator=generator)
    is_there = targets.bool().any(dim=0).cpu()[drawn]
    return torch.cat([drawn[is_there], drawn[~is_there]])[:most].sort().values


def _jaccard(rows: Tensor) -> Tensor:
    """Jaccard's index of the sets (N, M) with each other (N, N); 0 where both are empty."""
    with torch.autocast(rows.device.type, enabled=False):
        sets = rows.float()
        common, sizes = sets @ sets.T, sets.sum(dim=1)
        union = sizes.unsqueeze(1) + sizes.unsqueeze(0) - common
        return common / union.clamp(min=1)


def _have_same_labels(targets: Tensor) -> Tensor:
    """(B, B) bool: the same labels, at least one."""
    sets = targets.float()
    sizes = sets.sum(dim=1)
    common = sets @ sets.T
    return (common == sizes.unsqueeze(0)) & (common == sizes.unsqueeze(1)) & (common > 0)


def _products(vectors: Tensor, temperature: float) -> Tensor:
    unit = to_unit_length(vectors)
    return unit @ unit.T / temperature


def _negative_weights(similarity: Tensor, reading: str) -> Tensor:
    return 1 - similarity if reading == "default" else similarity


def _itself(square: Tensor) -> Tensor:
    return torch.eye(len(square), dtype=torch.bool, device=square.device)


def _check_reading(reading: str, equation: str) -> None:
    if reading not in ("default", "paper"):
        raise WorkbenchError(f"Eq. {equation} has no reading {reading!r}. It has: default, paper.")
