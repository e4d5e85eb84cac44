"""Classifier chain: linear SVMs in a row, each told what the ones before it said.

Paper: "Classifier chains for multi-label classification" (Machine Learning, 2011).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, cast

import numpy as np
import torch
from pydantic import Field
from scipy import sparse
from torch import Tensor, nn

from workbench.cards.classifier_chain import CARD
from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
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
from workbench.methods.sequence_decoder import frequency_order

MOST_LABELS = 1000
"""Labels that a chain can have: they are asked one after another, and each reads all before it."""


class ClassifierChainConfig(SVMConfig):
    """Hyper-parameters of a classifier chain."""

    variant: Literal["classifier-chain"] = Field("classifier-chain", description="there is one")
    order: Literal["frequency", "random"] = Field(
        "frequency", description="order of the labels: falling training frequency, or drawn by order_seed"
    )
    order_seed: int = Field(0, ge=0, description="of a random order; several make an ensemble to average")


@register
class ClassifierChain(Method):
    """A chain that learns from gold labels and decides on its own; scores are decisions through a sigmoid."""

    name = "classifier-chain"
    variants: ClassVar[dict[str, str]] = {"classifier-chain": "linear SVMs that see the labels before theirs"}
    card = CARD
    Config = ClassifierChainConfig
    default_encoder = "tfidf"
    order: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        if len(labels) > MOST_LABELS:
            raise WorkbenchError(
                f"A chain of {len(labels):,} labels asks one after another and weighs {len(labels):,} x "
                f"{len(labels):,} pairs ({4 * len(labels) ** 2 / 2**30:.1f} GB); it takes up to "
                f"{MOST_LABELS:,}. Take binary-relevance, or keep fewer labels."
            )
        require_bags(encoder, labels, self.name)
        self.weight = nn.Parameter(torch.zeros(encoder.hidden_size, len(labels)))
        self.before = nn.Parameter(
            torch.zeros(len(labels), len(labels))
        )  # [k, l]: what k being there adds to l
        self.bias = nn.Parameter(torch.zeros(len(labels)))
        self.register_buffer("order", chain_order(labels, self.config))

    def forward(self, batch: Batch) -> Forward:
        """Decisions (B, L), each made with those before it."""
        logits = (bag_products(batch.inputs, self.weight) + self.bias)[:, self.order]
        before = self.before[self.order][:, self.order]
        decided = torch.zeros_like(logits)
        for place in range(logits.shape[1]):
            told = decided[:, :place].clone()  # what comes later must not reach into what is kept of it
            logits[:, place] += told @ before[:place, place]
            decided[:, place] = (logits[:, place] > 0).to(logits.dtype)
        return Forward(logits[:, self.order.argsort()])

    def label_embeddings(self) -> Tensor | None:
        """The SVMs' weights of terms (L, V), where they are few enough to be kept twice."""
        return shown_weights(self.weight)

    def stages(self) -> Sequence[Stage]:
        """One stage, solved label by label, with the gold labels before each."""
        return [Stage("classification", [SquaredHinge()], forward=self._taught, solve=self._solve)]

    def _taught(self, batch: Batch) -> Forward:
        """Decisions (B, L) where the labels before are the gold ones."""
        is_before = torch.zeros_like(self.before)
        place = self.order.argsort()
        is_before[place.unsqueeze(1) < place] = 1.0
        told = batch.targets.to(self.before.dtype) @ (self.before * is_before)
        return Forward(bag_products(batch.inputs, self.weight) + told + self.bias)

    def _solve(self, material: Material) -> None:
        documents = gathered_bags(material, self.encoder.hidden_size)
        columns: Any
        columns, config = by_column(material.targets), cast(SVMConfig, self.config)
        order = self.order.tolist()
        unfinished = 0
        for place, label in enumerate(order):
            earlier = sparse.csr_array(columns[:, order[:place]], dtype=np.float64)
            told = sparse.csr_array(sparse.hstack([documents, earlier], format="csr"))
            weight, bias, is_done = solved_svm(told, of_label(columns, label), config, material.seed)
            put(self.weight, label, weight[: documents.shape[1]])
            self.before[self.order[:place], label] = torch.from_numpy(weight[documents.shape[1] :]).to(
                self.before
            )
            self.bias[label] = bias
            unfinished += not is_done
        tell_unfinished(unfinished, len(order), config)


def chain_order(labels: LabelSpace, config: ClassifierChainConfig) -> Tensor:
    """The labels in the order in which the chain asks for them, (L,)."""
    if config.order == "random":
        return torch.from_numpy(np.random.default_rng(config.order_seed).permutation(len(labels)))
    return frequency_order(labels)
