"""The terms that SEP-MLDC minimises, known as `sep_mldc.<name>`; the paper is named in sep_mldc.py."""

from __future__ import annotations

from typing import Literal

from pydantic import Field
from torch import Tensor

from workbench.methods.base import Batch, Forward, Objective
from workbench.methods.registry import register_objective
from workbench.methods.sep_mldc_equations import (
    classification_loss,
    document_contrastive_loss,
    document_similarity,
    label_contrastive_loss,
    label_similarity,
)

Reading = Literal["default", "paper"]


class ClassificationSettings(Objective.Settings):
    """How Eq. 19 is read."""

    reading: Reading = Field(
        "default", description="Eq. 19: binary cross entropy, or positives of a softmax alone (paper)"
    )


class LabelContrastSettings(Objective.Settings):
    """How much labels are pushed apart, how sharply, and which most."""

    weight: float = Field(0.01, ge=0, description="beta of Eq. 21")
    temperature: float = Field(0.1, gt=0, description="tau of Eq. 9")
    reading: Reading = Field("default", description="Eq. 9: negatives weigh 1 - W, or W (paper)")


class DocumentContrastSettings(Objective.Settings):
    """How much documents are contrasted, how sharply, and with which most."""

    weight: float = Field(0.01, ge=0, description="gamma of Eq. 21")
    temperature: float = Field(0.1, gt=0, description="tau of Eq. 14")
    reading: Reading = Field(
        "default", description="Eq. 14: the usual mean with negatives of weight 1 - W, or as printed (paper)"
    )


@register_objective
class Classification(Objective):
    """The classification loss (Eq. 19)."""

    name = "classification"
    Settings = ClassificationSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of all documents, generated ones among them."""
        return classification_loss(forward.logits, batch.targets, self.settings.reading)


@register_objective
class LabelContrast(Objective):
    """Labels of the batch are pushed apart, by the documents that they share (Eq. 9)."""

    name = "label_contrast"
    requires = ("labels",)
    Settings = LabelContrastSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the batch's labels; where labels differ by document, of their means."""
        assert forward.labels is not None
        labels = forward.labels.mean(dim=0) if forward.labels.dim() == 3 else forward.labels
        is_there = batch.targets.bool().any(dim=0)
        similarity = label_similarity(batch.targets[:, is_there])
        return label_contrastive_loss(
            labels[is_there], similarity, self.settings.temperature, self.settings.reading
        )


@register_objective
class DocumentContrast(Objective):
    """Documents with the same labels are drawn together, away from others (Eq. 14-15)."""

    name = "document_contrast"
    requires = ("document",)
    Settings = DocumentContrastSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the batch's documents."""
        assert forward.document is not None
        similarity = document_similarity(batch.targets)
        return document_contrastive_loss(
            forward.document, batch.targets, similarity, self.settings.temperature, self.settings.reading
        )
