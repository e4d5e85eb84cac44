"""The terms that CL-MIL minimises; the paper is named in cl_mil.py.

Eq. 8 is a sum over a document's labels, Eq. 12 is one pair's. Both are divided by the number of labels, so
that they stand to each other as printed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

from pydantic import Field
from torch import Tensor
from torch.nn import functional

from workbench.methods.base import Batch, Forward, Objective
from workbench.methods.cl_mil_contrast import Contrasted
from workbench.methods.cl_mil_equations import (
    contrastive_loss,
    relation_features,
    relation_loss,
    sample_relations,
)


class ContrastSettings(Objective.Settings):
    """How sharply documents are compared."""

    temperature: float = Field(20.0, gt=0, description="tau of Eq. 1")
    reading: Literal["default", "code", "paper"] = Field("default", description="how Eq. 1 is read")


class Contrast(Objective):
    """Target documents are drawn to themselves and away from documents with other labels (Eq. 1)."""

    name = "contrast"
    Settings = ContrastSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of a batch's targets that have a negative."""
        assert isinstance(forward, Contrasted)
        return contrastive_loss(
            forward.anchor,
            forward.positive,
            forward.negatives,
            self.settings.temperature,
            self.settings.reading,
            forward.is_negative,
        )


class _Head(Objective):
    """Binary cross entropy of one head (Eq. 8), the mean over labels and documents."""

    requires = ("heads",)

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of this head alone."""
        assert forward.heads is not None
        logits = forward.heads[self.name].float()
        return functional.binary_cross_entropy_with_logits(logits, batch.targets.float())


class CoarseClassification(_Head):
    """The coarse-grained head's (Eq. 8)."""

    name = "cil"


class FineClassification(_Head):
    """The fine-grained head's (Eq. 8)."""

    name = "fil"


class RelationSettings(Objective.Settings):
    """Which pairs of labels are drawn, and how Table 1 divides them."""

    reading: Literal["default", "anchor"] = Field("default", description="how Table 1 is read")
    partner: Literal["balanced", "paper"] = Field("balanced", description="how label B is drawn")


class LabelRelations(Objective):
    """CLRL: whether two labels are related, weakly or not at all (Eq. 11-12), one pair a document."""

    name = "clrl"
    requires = ("labels",)
    Settings = RelationSettings

    def __init__(
        self, settings: RelationSettings, head: Callable[[Tensor], Tensor], frequent: Callable[[], Tensor]
    ) -> None:
        """`head` tells three relations (P, 3) from features (P, 3H), `frequent` gives partners (L, L)."""
        super().__init__(settings)
        self._head, self._frequent = head, frequent

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the batch's pairs, divided by the number of labels."""
        document, a, b, relation = sample_relations(
            batch.targets, self._frequent(), self.settings.reading, self.settings.partner
        )
        labels = cast(Tensor, forward.labels)  # (B, L, H)
        logits = self._head(relation_features(labels[document, a], labels[document, b]))
        return relation_loss(logits, relation) / batch.targets.shape[1]
