"""ML-Reasoner: all labels are judged at once, again and again, each round knowing what the last one said.

Paper: "A novel reasoning mechanism for multi-label text classification" (Information Processing and
Management, 2021). No code was released, and descriptions leave open what the first round starts from and
which rounds have a loss: this is a reconstruction, and these are settings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.ml_reasoner import CARD
from workbench.encoders.base import Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.classification import Classification
from workbench.methods.registry import register
from workbench.methods.vectors import at_least_float32


class MLReasonerConfig(MethodConfig):
    """Hyper-parameters of the rounds; filters, widths and dropout are the encoder's."""

    variant: Literal["ml-reasoner"] = Field("ml-reasoner", description="there is one")
    rounds: int = Field(2, ge=1, description="T: how often labels are judged; the paper found 2 best")
    start: float = Field(0.0, ge=0, le=1, description="z_0: what the first round is told of every label")
    losses: Literal["last", "every"] = Field("last", description="which rounds have a loss")
    label_size: int = Field(300, ge=1, description="numbers of a label's vector and of the document's")


@dataclass
class Reasoned(Forward):
    """What each round said besides: logits (B, L), of which the last are the method's own."""

    rounds: tuple[Tensor, ...] = ()


class EveryRound(Objective):
    """Binary cross entropy of each round, the mean over rounds, labels and documents."""

    name = "every_round"
    requires = ("rounds",)

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The mean of the rounds' losses."""
        logits = torch.stack(cast(Reasoned, forward).rounds).float()
        targets = batch.targets.float().expand_as(logits)
        return functional.binary_cross_entropy_with_logits(logits, targets)


@register
class MLReasoner(Method):
    """The rounds on any encoder's document vectors; the paper's is a CNN.

    What a label's score in the attention has from the document alone is the same for all labels, and so is
    what it has from a bias: a softmax knows neither, and both are left out.
    """

    name = "ml-reasoner"
    variants: ClassVar[dict[str, str]] = {
        "ml-reasoner": "labels are judged in rounds, each told what the last one said (a reconstruction)"
    }
    card = CARD
    Config = MLReasonerConfig

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        size = self.config.label_size
        self.label_vectors = nn.Parameter(torch.empty(len(labels), size))
        nn.init.xavier_uniform_(self.label_vectors)
        self.text = nn.Linear(encoder.hidden_size, size)
        self.label_layer = nn.Linear(size, size)
        self.attention = nn.Linear(size, 1, bias=False)
        self.classifier = nn.Linear(2 * size, len(labels))

    def forward(self, batch: Batch) -> Forward:
        """Judge all labels, round after round."""
        encoded = self.encoder(batch.inputs)
        text = self.text(encoded.document)
        labels = functional.linear(self.label_vectors, self.label_layer.weight)  # (L, D), without bias
        told = text.new_full((len(text), len(labels)), self.config.start)
        rounds: list[Tensor] = []
        for _ in range(self.config.rounds):
            attended = attended_labels(told, labels, self.attention.weight[0], self.label_layer.bias)
            rounds.append(self.classifier(torch.cat([text, attended.to(text.dtype)], dim=1)))
            told = rounds[-1].sigmoid()
        return Reasoned(rounds[-1], encoded=encoded, rounds=tuple(rounds))

    def label_embeddings(self) -> Tensor:
        """The labels' vectors e, (L, D)."""
        return self.label_vectors

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy of the last round, or of every one."""
        objective = EveryRound() if self.config.losses == "every" else Classification()
        return [Stage("classification", [objective])]


def attended_labels(told: Tensor, labels: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """l_att: the labels' vectors, scaled by what was said of them, averaged by attention.

    With l_j = z_j W_l e_j + b_l both scores and average follow from products of matrices: no tensor of
    documents, labels and dimensions is made.
    Shapes: told z (B, L), labels W_l e (L, D), weight w of the attention and bias b_l (D,) -> (B, D).
    """
    shares = at_least_float32(told * (labels @ weight)).softmax(dim=1)
    return (shares.to(told.dtype) * told) @ labels + bias
