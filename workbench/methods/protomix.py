"""ProtoMix: prototypical label embeddings as regulariser and as what Mixup mixes.

Paper: "Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations".
The rows of the last linear layer are label embeddings W; the positives of a document blend into its
prototype P. Variant proto pulls the document S to P, mix mixes documents, protomix does both to the mixtures.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor, nn

from workbench.cards.protomix import CARD
from workbench.encoders.base import Encoded, Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.mixing import batch_mixing
from workbench.methods.protomix_equations import (
    attentive_prototype,
    average_prototype,
    classification_loss,
    mix,
    prototype_distance,
)
from workbench.methods.protomix_objectives import (
    Classification,
    ClassificationSettings,
    MixedClassification,
    MixedClassificationSettings,
    MixedPrototypeDistance,
    MixedPrototypeSettings,
    Prototype,
    PrototypeDistance,
    PrototypeSettings,
    Reading,
)
from workbench.methods.registry import register

__all__ = [
    "ProtoMix",
    "ProtoMixConfig",
    "attentive_prototype",
    "average_prototype",
    "classification_loss",
    "mix",
    "prototype_distance",
]


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
    card = CARD
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
            labels=self.classifier.weight,
            encoded=encoded,
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
            "base": [Classification(ClassificationSettings(**classification))],
            "proto": [
                Classification(ClassificationSettings(**classification)),
                PrototypeDistance(PrototypeSettings(**distance)),
            ],
            "mix": [MixedClassification(MixedClassificationSettings(**classification, alpha=config.alpha))],
            "protomix": [
                MixedClassification(MixedClassificationSettings(**classification, alpha=config.alpha)),
                MixedPrototypeDistance(MixedPrototypeSettings(**distance, alpha=config.alpha)),
            ],
        }
        return [Stage("classification", objectives[config.variant])]
