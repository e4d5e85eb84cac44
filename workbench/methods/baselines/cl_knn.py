"""CL-BERT with nearest neighbours: contrast by common labels, and training documents that vote.

Paper: "Contrastive Learning-Enhanced Nearest Neighbor Mechanism for Multi-Label Text Classification" (ACL
2022). Defaults are not the authors', whose values we do not have, but near those of methods that follow them;
the share of neighbours is chosen on validation documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, cast

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn

from workbench.cards.cl_knn import CARD
from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.classification import Classification
from workbench.methods.first_token import from_first_token, require_first_token
from workbench.methods.nearest_neighbours import Neighbours
from workbench.methods.neighbour_voting import Distances, VotingConfig, measured, mixed, remember
from workbench.methods.registry import register, register_objective
from workbench.methods.vectors import at_least_float32


class ContrastSettings(Objective.Settings):
    """How sharply documents are told apart, and what that weighs."""

    weight: float = Field(0.1, ge=0, description="gamma, of the contrast beside classification")
    temperature: float = Field(0.1, gt=0, description="tau', of the softmax over the batch")
    distances: Distances = Field("unit", description="between vectors of unit length, or as they are (plain)")


class CLKNNConfig(VotingConfig):
    """Hyper-parameters of the contrast and of the neighbours."""

    variant: Literal["cl-knn", "bert-knn", "cl-bert"] = Field("cl-knn", description="which part is left out")
    contrast: float = Field(0.1, ge=0, description="gamma, the weight of the contrast")
    contrast_temperature: float = Field(0.1, gt=0, description="tau', of the contrast's softmax")


@register_objective
class OverlapContrast(Objective):
    """Documents are drawn to those of the batch with common labels, the more the more there are."""

    name = "contrast"
    requires = ("document",)
    Settings = ContrastSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The mean over documents that share a label with another one of the batch."""
        vectors = measured(cast(Tensor, forward.document), self.settings.distances)
        return overlap_contrastive_loss(vectors, batch.targets, self.settings.temperature)


@register
class CLKNN(Method):
    """The state of [CLS] with a linear layer, drawn by common labels, mixed with neighbours' labels."""

    name = "cl-knn"
    variants: ClassVar[dict[str, str]] = {
        "cl-knn": "documents drawn together by common labels; nearest training documents vote",
        "bert-knn": "the same without the contrast",
        "cl-bert": "the same without neighbours",
    }
    card = CARD
    Config = CLKNNConfig
    default_encoder = "minilm"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        variant = self.config.variant
        require_first_token(encoder, variant)
        self._contrasts = variant != "bert-knn"
        if self._contrasts and not any(p.requires_grad for p in encoder.parameters()):
            raise WorkbenchError(
                f"{variant} draws documents together, and nothing of the encoder {encoder.name!r} is trained."
                " Leave --frozen out, put a layer behind it (--set projection=mlp), or take bert-knn."
            )
        self.classifier = nn.Linear(encoder.hidden_size, len(labels))
        self.neighbours: Neighbours | None = None
        if variant != "cl-bert":
            self.neighbours = Neighbours(encoder.hidden_size, len(labels))

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) of the classifier alone."""
        encoded = from_first_token(self.encoder, batch.inputs)
        labels = self.classifier.weight
        return Forward(
            self.classifier(encoded.document), labels=labels, encoded=encoded, classify=self.classifier
        )

    def probabilities(self, forward: Forward) -> Tensor:
        """The classifier's, mixed with what neighbours say once they are remembered."""
        own = super().probabilities(forward)
        return own if self.neighbours is None else mixed(self.neighbours, forward, own, self.config)

    def label_embeddings(self) -> Tensor:
        """The classifiers' vectors (L, H)."""
        weight: Tensor = self.classifier.weight
        return weight

    def stages(self) -> Sequence[Stage]:
        """Classification with the contrast; then training documents are remembered, which trains nothing."""
        config = self.config
        objectives: list[Objective] = [Classification()]
        if self._contrasts:
            settings = ContrastSettings(
                weight=config.contrast, temperature=config.contrast_temperature, distances=config.distances
            )
            objectives.append(OverlapContrast(settings))
        found = [Stage("classification", objectives)]
        if self.neighbours is not None:
            self.neighbours.require_room(self.label_space.n_train)
            remembered = Stage("neighbours", [Classification()], is_classifier=False, solve=self._remember)
            found.append(remembered)
        return found

    def arrays(self, material: Material) -> dict[str, np.ndarray]:
        """`neighbour_share`, the lambda that scores were mixed by, (1,)."""
        if self.neighbours is None:
            return {}
        return {"neighbour_share": self.neighbours.share.reshape(1).cpu().numpy()}

    def _remember(self, material: Material) -> None:
        neighbours = cast(Neighbours, self.neighbours)
        remember(neighbours, self, super().probabilities, material, self.config)


def overlap_weights(targets: Tensor) -> Tensor:
    """How much each document is drawn to each other one: by the number of their common labels.

    Shapes: targets (B, L) of 0 and 1 -> (B, B) in float32, rows sum to 1; the diagonal is zero, and so are
    the rows of documents that share no label with another.
    """
    with torch.autocast(targets.device.type, enabled=False):
        sets = targets.float()
        common = (sets @ sets.T).fill_diagonal_(0.0)
    return common / common.sum(dim=1, keepdim=True).clamp(min=1.0)


def overlap_contrastive_loss(vectors: Tensor, targets: Tensor, temperature: float) -> Tensor:
    """Cross entropy between overlap of labels and a softmax over distances, each document's own left out.

    The mean over documents that share a label with another; zero where none does. Exact for equal vectors.
    Shapes: vectors (B, H), targets (B, L) of 0 and 1 -> scalar in float32 or better.
    """
    exact = at_least_float32(vectors)
    if len(exact) < 2:
        return exact.sum() * 0.0
    distances = torch.cdist(exact, exact, compute_mode="donot_use_mm_for_euclid_dist")
    itself = torch.eye(len(exact), dtype=torch.bool, device=exact.device)
    closeness = (-distances / temperature).masked_fill(itself, -torch.inf)
    log_shares = closeness.log_softmax(dim=1).masked_fill(itself, 0.0)
    weights = overlap_weights(targets).to(exact.dtype)
    drawn = weights.any(dim=1).sum().clamp(min=1)
    return -(weights * log_shares).sum() / drawn
