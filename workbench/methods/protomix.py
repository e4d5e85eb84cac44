"""ProtoMix: prototypical label embeddings as regulariser and as what Mixup mixes.

Paper: "Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations".
The rows of the last linear layer are label embeddings W; the positives of a document blend into its
prototype P. Variant proto pulls the document S to P, mix mixes documents, protomix does both to the mixtures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.encoders.base import Encoded, Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Objective,
    PaperCard,
    Stage,
)
from workbench.methods.mixing import batch_mixing
from workbench.methods.protomix_card import CARD
from workbench.methods.registry import register, register_objective

Reading = Literal["default", "paper"]
Prototype = Literal["attentive", "average"]


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


def _prototype(kind: Prototype, forward: Forward, targets: Tensor) -> Tensor:
    assert forward.labels is not None
    assert forward.document is not None
    if kind == "average":
        return average_prototype(forward.labels, targets)
    return attentive_prototype(forward.document, forward.labels, targets)


class _ClassificationSettings(Objective.Settings):
    reading: Reading = Field(
        "default", description="Eq. 3: mean over labels (default) or the printed sum (paper)"
    )


class _MixedClassificationSettings(_ClassificationSettings):
    alpha: float = Field(0.5, gt=0, description="lambda ~ Beta(alpha, alpha), Eq. 11")


class _PrototypeSettings(Objective.Settings):
    weight: float = Field(0.001, ge=0, description="beta of Eq. 10 and 15")
    prototype: Prototype = Field("attentive", description="Eq. 6-7 (attentive) or Eq. 5 (average)")
    reduction: Literal["mean", "sum"] = Field("mean", description="Eq. 8: mean over H or squared norm")


class _MixedPrototypeSettings(_PrototypeSettings):
    alpha: float = Field(0.5, gt=0, description="lambda ~ Beta(alpha, alpha), Eq. 13")


@register_objective
class Classification(Objective):
    """Binary cross entropy (Eq. 3)."""

    name = "classification"
    Settings = _ClassificationSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of clean documents."""
        return classification_loss(forward.logits, batch.targets, self.settings.reading)


@register_objective
class MixedClassification(Objective):
    """Binary cross entropy of mixed documents against equally mixed targets (Eq. 11-12)."""

    name = "mixed_classification"
    requires = ("document", "classify")
    Settings = _MixedClassificationSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """Mix documents (B, H) with their partners and classify the mixture."""
        assert forward.document is not None
        assert forward.classify is not None
        mixing = batch_mixing(batch, self.settings.alpha)
        targets = mix(batch.targets.float(), batch.targets[mixing.partner].float(), mixing.lam)
        if forward.is_mixed:
            return classification_loss(forward.logits, targets, self.settings.reading)
        document = mix(forward.document, forward.document[mixing.partner], mixing.lam)
        return classification_loss(forward.classify(document), targets, self.settings.reading)


@register_objective
class PrototypeDistance(Objective):
    """Distance of documents to their prototypes (Eq. 8, weighted by beta in Eq. 10)."""

    name = "prototype"
    requires = ("document", "labels")
    Settings = _PrototypeSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The distance of clean documents."""
        assert forward.document is not None
        prototype = _prototype(self.settings.prototype, forward, batch.targets)
        return prototype_distance(forward.document, prototype, batch.targets, self.settings.reduction)


@register_objective
class MixedPrototypeDistance(Objective):
    """Distance of mixed documents to equally mixed prototypes (Eq. 13-14)."""

    name = "mixed_prototype"
    requires = ("document", "labels")
    Settings = _MixedPrototypeSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The distance after mixing; pairs in which either document has no label drop out.

        Documents mixed before encoding exist only mixed: the mixture then guides both prototypes.
        """
        assert forward.document is not None
        mixing = batch_mixing(batch, self.settings.alpha)
        partner_targets = batch.targets[mixing.partner]
        own = _prototype(self.settings.prototype, forward, batch.targets)
        if forward.is_mixed:
            document, other = forward.document, _prototype(self.settings.prototype, forward, partner_targets)
        else:
            document, other = (
                mix(forward.document, forward.document[mixing.partner], mixing.lam),
                own[mixing.partner],
            )
        both = batch.targets.bool().any(dim=1) & partner_targets.bool().any(dim=1)
        return prototype_distance(
            document, mix(own, other, mixing.lam), both.unsqueeze(1), self.settings.reduction
        )


class ProtoMixConfig(MethodConfig):
    """Hyper-parameters of ProtoMix; ranges tried by the paper are given with each."""

    variant: Literal["protomix", "mix", "proto", "base"] = Field(
        "protomix", description="base = Eq. 3, proto = Eq. 10, mix = Eq. 12, protomix = Eq. 15"
    )
    beta: float = Field(
        0.001, ge=0, description="weight of the distance term, Eq. 10 and 15; paper: 0.0005 to 0.05"
    )
    alpha: float = Field(0.5, gt=0, description="Mixup's Beta(alpha, alpha), Eq. 11; paper: 0.05 to 1.5")
    prototype: Prototype = Field(
        "attentive", description="sentence-attentive (Eq. 6-7) or average (Eq. 5) prototypes"
    )
    reduction: Literal["mean", "sum"] = Field(
        "mean", description="Eq. 8 as mean over H, or as the squared norm"
    )
    reading: Reading = Field(
        "default", description="Eq. 3: mean over labels (default) or the printed sum (paper)"
    )
    mix_at: Literal["document", "embedding"] = Field(
        "document", description="mix document vectors or word embeddings"
    )
    bias: bool = Field(False, description="give the label matrix a bias; Eq. 2 has none")


@register
class ProtoMix(Method):
    """ProtoMix on any encoder that gives a document vector."""

    name = "protomix"
    variants: ClassVar[dict[str, str]] = {
        "protomix": "mixes documents and their prototypes, pulls the mixtures together (Eq. 15)",
        "mix": "vanilla Mixup: mixes documents and multi-hot labels (Eq. 12)",
        "proto": "pulls each document to the prototype of its labels (Eq. 10)",
        "base": "the encoder with a linear layer and binary cross entropy (Eq. 3)",
    }
    card: ClassVar[PaperCard] = CARD
    Config = ProtoMixConfig

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        self.classifier = nn.Linear(
            encoder.hidden_size, len(labels), bias=self.config.bias
        )  # W of Eq. 2, (L, H)

    def forward(self, batch: Batch) -> Forward:
        """Encode, then score by dot products with the label embeddings (Eq. 1-2)."""
        is_mixed = self.training and self.config.mix_at == "embedding" and "mix" in self.config.variant
        encoded = self._encode_mixed(batch) if is_mixed else self.encoder(batch.inputs)
        return Forward(
            logits=self.classifier(encoded.document),
            document=encoded.document,
            labels=self.classifier.weight,
            tokens=encoded.tokens,
            mask=encoded.mask,
            classify=self.classifier,
            is_mixed=is_mixed,
        )

    def label_embeddings(self) -> Tensor:
        """W of Eq. 2, (L, H)."""
        weight: Tensor = self.classifier.weight
        return weight

    def _encode_mixed(self, batch: Batch) -> Encoded:
        mixing = batch_mixing(batch, self.config.alpha)
        embeddings = self.encoder.embed(batch.inputs)  # first: an encoder without words says so
        mask = batch.inputs["attention_mask"]
        embeddings = embeddings * mask.unsqueeze(-1)  # padding adds nothing to a mixture
        mixed = mix(embeddings, embeddings[mixing.partner], mixing.lam)
        inputs = {**batch.inputs, "attention_mask": mask | mask[mixing.partner]}
        encoded: Encoded = self.encoder(inputs, mixed)
        return encoded

    def stages(self) -> Sequence[Stage]:
        """One stage: the classification term, and the distance term where the variant has one."""
        config = self.config
        classification = {"reading": config.reading}
        distance = {"weight": config.beta, "prototype": config.prototype, "reduction": config.reduction}
        objectives: dict[str, list[Objective]] = {
            "base": [Classification(_ClassificationSettings(**classification))],
            "proto": [
                Classification(_ClassificationSettings(**classification)),
                PrototypeDistance(_PrototypeSettings(**distance)),
            ],
            "mix": [MixedClassification(_MixedClassificationSettings(**classification, alpha=config.alpha))],
            "protomix": [
                MixedClassification(_MixedClassificationSettings(**classification, alpha=config.alpha)),
                MixedPrototypeDistance(_MixedPrototypeSettings(**distance, alpha=config.alpha)),
            ],
        }
        return [Stage("classification", objectives[config.variant])]
