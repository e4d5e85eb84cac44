"""Binary relevance: one linear SVM a label, each by itself, on TF-IDF of words and pairs of words.

Paper: "Learning multi-label scene classification" (Pattern Recognition, 2004).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn

from workbench.cards.binary_relevance import CARD
from workbench.encoders.base import Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Stage,
)
from workbench.methods.linear_svm import (
    SquaredHinge,
    SVMConfig,
    bag_products,
    by_column,
    gathered_bags,
    of_label,
    put,
    require_bags,
    shown_weights,
    solved_svm,
    tell_unfinished,
)
from workbench.methods.registry import register


class BinaryRelevanceConfig(SVMConfig):
    """Hyper-parameters of binary relevance."""

    variant: Literal["binary-relevance"] = Field("binary-relevance", description="there is one")


@register
class BinaryRelevance(Method):
    """Independent linear SVMs; scores are their decisions through a sigmoid."""

    name = "binary-relevance"
    variants: ClassVar[dict[str, str]] = {"binary-relevance": "one linear SVM a label on TF-IDF"}
    card = CARD
    Config = BinaryRelevanceConfig
    default_encoder = "tfidf"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_bags(encoder, labels, self.name)
        self.weight = nn.Parameter(torch.zeros(encoder.hidden_size, len(labels)))
        self.bias = nn.Parameter(torch.zeros(len(labels)))

    def forward(self, batch: Batch) -> Forward:
        """The SVMs' decisions (B, L)."""
        return Forward(bag_products(batch.inputs, self.weight) + self.bias)

    def label_embeddings(self) -> Tensor | None:
        """The SVMs' weights (L, V), where they are few enough to be kept twice."""
        return shown_weights(self.weight)

    def stages(self) -> Sequence[Stage]:
        """One stage, solved label by label."""
        return [Stage("classification", [SquaredHinge()], solve=self._solve)]

    def _solve(self, material: Material) -> None:
        documents = gathered_bags(material, self.encoder.hidden_size)
        columns, config = by_column(material.targets), cast(SVMConfig, self.config)
        unfinished = 0
        for label in range(len(self.label_space)):
            weight, bias, is_done = solved_svm(documents, of_label(columns, label), config, material.seed)
            put(self.weight, label, weight)
            self.bias[label] = bias
            unfinished += not is_done
        tell_unfinished(unfinished, len(self.label_space), config)
