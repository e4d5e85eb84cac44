"""The terms that ProtoMix minimises, known as `protomix.<name>`; the paper is named in protomix.py."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from torch import Tensor

from workbench.methods.base import Batch, Forward, Objective
from workbench.methods.mixing import batch_mixing
from workbench.methods.protomix_equations import (
    attentive_prototype,
    average_prototype,
    classification_loss,
    mix,
    prototype_distance,
)
from workbench.methods.registry import register_objective

Reading = Literal["default", "paper"]
Prototype = Literal["attentive", "average"]


def _prototype(kind: Prototype, forward: Forward, targets: Tensor) -> Tensor:
    assert forward.labels is not None
    assert forward.document is not None
    if kind == "average":
        return average_prototype(forward.labels, targets)
    return attentive_prototype(forward.document, forward.labels, targets)


class ClassificationSettings(Objective.Settings):
    """How Eq. 3 is read."""

    reading: Reading = Field(
        "default", description="Eq. 3: mean over labels (default) or the printed sum (paper)"
    )


class MixedClassificationSettings(ClassificationSettings):
    """How Eq. 3 is read and how documents are mixed."""

    alpha: float = Field(0.5, gt=0, description="lambda ~ Beta(alpha, alpha), Eq. 11")


class PrototypeSettings(Objective.Settings):
    """Which prototype, how far from it is measured, and how much that weighs."""

    weight: float = Field(0.001, ge=0, description="beta of Eq. 10 and 15")
    prototype: Prototype = Field("attentive", description="Eq. 6-7 (attentive) or Eq. 5 (average)")
    reduction: Literal["mean", "sum"] = Field("mean", description="Eq. 8: mean over H or squared norm")


class MixedPrototypeSettings(PrototypeSettings):
    """The same for mixtures, and how documents are mixed."""

    alpha: float = Field(0.5, gt=0, description="lambda ~ Beta(alpha, alpha), Eq. 13")


@register_objective
class Classification(Objective):
    """Binary cross entropy (Eq. 3)."""

    name = "classification"
    Settings = ClassificationSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of clean documents."""
        return classification_loss(forward.logits, batch.targets, self.settings.reading)


@register_objective
class MixedClassification(Objective):
    """Binary cross entropy of mixed documents against equally mixed targets (Eq. 11-12)."""

    name = "mixed_classification"
    requires = ("document", "classify")
    Settings = MixedClassificationSettings

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
    Settings = PrototypeSettings

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
    Settings = MixedPrototypeSettings

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
