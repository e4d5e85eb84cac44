"""The equations of LSFA as functions of tensors; the paper is named in lsfa.py."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from workbench.errors import WorkbenchError
from workbench.methods.vectors import at_least_float32, to_unit_length


def label_prototypes(features: Tensor, label_index: Tensor, n_labels: int) -> tuple[Tensor, Tensor]:
    """The mean of each label's features (LSFA Eq. 10); labels without features have a zero row and count 0.

    Shapes: features (P, H), label_index (P,) -> (prototypes (L, H) like features, counts (L,) int64).
    """
    counts = torch.bincount(label_index, minlength=n_labels)
    exact = torch.promote_types(features.dtype, torch.float32)
    sums = torch.zeros(n_labels, features.shape[1], dtype=exact, device=features.device)
    sums = sums.index_add(0, label_index, features.to(exact))
    return (sums / counts.clamp(min=1).unsqueeze(1)).to(features.dtype), counts


def supervised_contrastive_loss(features: Tensor, label_index: Tensor, temperature: float) -> Tensor:
    """Draws features of one label together, away from all others (LSFA Eq. 7-8).

    Features are brought to unit length. Mean over the anchors that have another feature of their label; zero
    where none has. Shapes: features (P, H), label_index (P,) -> scalar in float32 or better.
    """
    unit = to_unit_length(features)
    similarity = unit @ unit.T / temperature  # (P, P)
    itself = torch.eye(len(unit), dtype=torch.bool, device=unit.device)
    log_share = similarity - similarity.masked_fill(itself, -torch.inf).logsumexp(dim=1, keepdim=True)
    is_positive = (label_index.unsqueeze(0) == label_index.unsqueeze(1)) & ~itself
    positives = is_positive.sum(dim=1)
    is_anchor = positives > 0
    if not bool(is_anchor.any()):
        return unit.sum() * 0.0
    summed = log_share.masked_fill(~is_positive, 0.0).sum(dim=1)[is_anchor]
    return -(summed / positives[is_anchor]).mean()


def prototypical_contrastive_loss(
    features: Tensor,
    label_index: Tensor,
    prototypes: Tensor,
    temperature: float,
    counts: Tensor | None = None,
    reading: str = "default",
) -> Tensor:
    """Draws each feature to its label's prototype, away from the others' (LSFA Eq. 9, with its minus sign).

    Features and prototypes are brought to unit length. Readings of the denominator: "default" sums over all
    prototypes, the own one among them; "paper" leaves the own one out, as printed; "code" has it twice.
    Labels whose count is 0 have no prototype: they are left out, and so are their features. Mean over pairs,
    zero where none is left. Without `counts` every label has a prototype. Shapes: features (P, H),
    label_index (P,), prototypes (L, H), counts (L,) -> scalar in float32 or better.
    """
    if reading not in ("default", "paper", "code"):
        raise WorkbenchError(
            f"Unknown reading {reading!r} of LSFA Eq. 9; known readings: default, paper, code."
        )
    unit, towards = to_unit_length(features), to_unit_length(prototypes)
    exists = torch.ones(len(towards), dtype=torch.bool, device=unit.device) if counts is None else counts > 0
    is_known = exists[label_index]
    others = int(exists.sum()) - 1
    if not bool(is_known.any()) or (reading == "paper" and others == 0):
        return unit.sum() * 0.0
    unit, label_index = unit[is_known], label_index[is_known]
    similarity = (unit @ towards.T / temperature).masked_fill(~exists, -torch.inf)  # (P, L)
    own = similarity.gather(1, label_index.unsqueeze(1))  # (P, 1)
    if reading == "paper":
        similarity = similarity.scatter(1, label_index.unsqueeze(1), -torch.inf)
    elif reading == "code":
        similarity = torch.cat([similarity, own], dim=1)
    return (similarity.logsumexp(dim=1) - own.squeeze(1)).mean()


def vae_loss(
    reconstruction: Tensor, features: Tensor, mean: Tensor, log_variance: Tensor, kl_weight: float
) -> Tensor:
    """What the prototype VAE minimises (LSFA Eq. 16-17): reconstruction plus weighted divergence.

    Mean squared error over everything, plus `kl_weight` times the KL divergence of N(mean, variance) from
    N(0, I), summed over latent dimensions and averaged over pairs. Shapes: reconstruction (P, H), features
    (P, H), mean (P, Z), log_variance (P, Z) -> scalar in float32 or better.
    """
    squared = functional.mse_loss(at_least_float32(reconstruction), at_least_float32(features))
    return squared + kl_weight * divergence(mean, log_variance)


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence of N(mean, variance) from N(0, I): (P, Z) twice -> scalar, summed over Z, mean over P."""
    mean, log_variance = at_least_float32(mean), at_least_float32(log_variance)
    each = 0.5 * (log_variance.exp() + mean.square() - 1.0 - log_variance)
    return each.sum(dim=1).mean()


def augmented_positive_loss(
    features: Tensor,
    label_index: Tensor,
    classifier_weight: Tensor,
    classifier_bias: Tensor | None = None,
) -> Tensor:
    """Pulls classifiers to features generated for their labels (LSFA Eq. 19, with its minus sign).

    The mean of -log sigmoid(w_l . v) over pairs of a generated feature and its label: no other label's
    classifier gets a gradient. Zero without features. Shapes: features (P, H), label_index (P,),
    classifier_weight (L, H), classifier_bias (L,) -> scalar in float32 or better.
    """
    logits = (at_least_float32(features) * at_least_float32(classifier_weight)[label_index]).sum(dim=1)
    if classifier_bias is not None:
        logits = logits + at_least_float32(classifier_bias)[label_index]
    return functional.softplus(-logits).sum() / max(1, len(logits))
