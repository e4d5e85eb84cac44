"""DXML-style: documents are drawn to the mean vector of their labels in a graph, and neighbours vote.

A reconstruction of "Deep Extreme Multi-label Learning" (ICMR 2018), whose code was not released. Vectors of
labels come from the expected counts of the random walks that DeepWalk samples. Training documents are
searched exactly, where the paper looks in the nearest of several clusters.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.dxml_style import CARD
from workbench.encoders.base import Encoder
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
from workbench.methods.label_embedding import label_vectors
from workbench.methods.linear_svm import bag_products, require_tfidf
from workbench.methods.nearest_neighbours import Neighbours
from workbench.methods.registry import register
from workbench.methods.vectors import to_unit_length


class DXMLStyleConfig(MethodConfig):
    """Hyper-parameters of the label graph, the document's network and the neighbours."""

    variant: Literal["dxml-style"] = Field("dxml-style", description="there is one")
    dimensions: int = Field(
        100, ge=2, description="numbers of a label's vector; the paper's 300 for large sets"
    )
    window: int = Field(2, ge=1, description="steps of a random walk within which two labels are met")
    units: int = Field(
        256, ge=1, description="hidden units of the document's network; the paper's 256 or 512"
    )
    dropout: float = Field(0.2, ge=0, lt=1, description="dropout on the document's vector")
    k: int = Field(7, ge=1, description="training documents whose label sets are averaged")


@dataclass(kw_only=True)
class Embedded(Forward):
    """The documents' vectors among labels, (B, d), beside the logits."""

    place: Tensor


class LabelDistance(Objective):
    """The Huber loss between a document's vector and the mean vector of its labels."""

    name = "distance"

    def __init__(self, vectors: Callable[[], Tensor]) -> None:
        super().__init__()
        self._vectors = vectors

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The mean over documents with labels and their numbers; zero where no document has any."""
        return label_distance(cast(Embedded, forward).place, batch.targets, self._vectors())


@register
class DXMLStyle(Method):
    """Documents as points among labels, scored by the label sets of the nearest training documents."""

    name = "dxml-style"
    variants: ClassVar[dict[str, str]] = {
        "dxml-style": "documents are drawn to their labels' vectors in a graph; neighbours vote",
    }
    card = CARD
    Config = DXMLStyleConfig
    default_encoder = "tfidf"

    label_vectors: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tfidf(encoder, self.name)
        units, size = self.config.units, self.config.dimensions
        self.terms = nn.Parameter(torch.randn(encoder.hidden_size, units) / math.sqrt(units))
        self.bias = nn.Parameter(torch.zeros(units))
        self.outer = nn.Linear(units, size)
        self.dropout = nn.Dropout(self.config.dropout)
        self.register_buffer("label_vectors", to_unit_length(torch.randn(len(labels), size)))
        self.neighbours = Neighbours(size, len(labels))

    def forward(self, batch: Batch) -> Embedded:
        """Documents' vectors, and as logits (B, L) their cosines with labels' vectors."""
        hidden = functional.relu(bag_products(batch.inputs, self.terms) + self.bias)
        place = to_unit_length(self.dropout(self.outer(hidden)))
        return Embedded(place @ self.label_vectors.T, place=place)

    def probabilities(self, forward: Forward) -> Tensor:
        """The share of nearest training documents with each label; before there are any, of the cosines.

        A training document is its own nearest neighbour.
        """
        if self.neighbours.is_empty:
            return super().probabilities(forward)
        scores: Tensor = self.neighbours(cast(Embedded, forward).place, self.config.k, math.inf)
        return scores

    def label_embeddings(self) -> Tensor:
        """The labels' vectors (L, d)."""
        return self.label_vectors

    def stages(self) -> Sequence[Stage]:
        """Documents are drawn to their labels; then training documents are remembered."""
        self.neighbours.require_room(self.label_space.n_train + self.label_space.n_generated)
        return [
            Stage("embedding", [LabelDistance(lambda: self.label_vectors)]),
            Stage("neighbours", [Classification()], is_classifier=False, solve=self._remember),
        ]

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """Before the first epoch labels get their vectors, from training documents."""
        if epoch == 0:
            config = self.config
            found = label_vectors(material.targets, config.dimensions, config.window, material.seed)
            self.label_vectors.copy_(torch.from_numpy(found))

    def _remember(self, material: Material) -> None:
        parts = ((batch.rows, self(batch).place) for batch in material.batches("train"))
        self.neighbours.fill(parts, material.targets)


def label_distance(place: Tensor, targets: Tensor, vectors: Tensor) -> Tensor:
    """The Huber loss of documents' vectors (B, d) and their labels' mean vector, of (B, L) and (L, d).

    The mean over documents that have labels, and over numbers; zero where none has any.
    """
    sets = targets.to(vectors.dtype)
    counts = sets.sum(dim=1)
    has_labels = counts > 0
    if not bool(has_labels.any()):
        return place.sum() * 0.0
    means = (sets @ vectors)[has_labels] / counts[has_labels].unsqueeze(1)
    return functional.smooth_l1_loss(place[has_labels].to(means.dtype), means)
