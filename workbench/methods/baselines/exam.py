"""EXAM: each word meets each class, and what a class makes of all words is scored by place.

Paper: "Explicit Interaction Model towards Text Classification" (AAAI 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.exam import CARD
from workbench.encoders.base import Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.label_parts import in_label_parts, require_label_room
from workbench.methods.registry import register


class EXAMConfig(MethodConfig):
    """Hyper-parameters of the network over places.

    The paper reads 30 words of a document, the last ones; long documents want more, and beginnings say what
    they are about: 500 and the first are a choice made here.
    """

    variant: Literal["exam"] = Field("exam", description="there is one")
    places: int = Field(500, ge=1, description="n: words of a document that meet the classes")
    keep: Literal["first", "last"] = Field(
        "first", description="which words: the first, counted from the beginning, or the last, from the end"
    )
    hidden: int = Field(60, ge=1, description="units of the network over places")


@register
class EXAM(Method):
    """EXAM on any encoder that gives tokens; the paper's is a recurrent network.

    The network is linear in the interaction before its ReLU, and the interaction in the words: words are
    weighed by place first, and no matrix of labels and words (B, L, n) is made.
    """

    name = "exam"
    variants: ClassVar[dict[str, str]] = {
        "exam": "each word meets each class; a network over the places of words scores classes"
    }
    card = CARD
    Config = EXAMConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {"units": 512, "layers": 1}

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        require_label_room(self.name, len(labels), encoder.hidden_size)
        self.classes = nn.Parameter(torch.empty(len(labels), encoder.hidden_size))
        nn.init.xavier_uniform_(self.classes)
        self.places = nn.Linear(self.config.places, self.config.hidden)
        self.scorer = nn.Linear(self.config.hidden, 1)

    def forward(self, batch: Batch) -> Forward:
        """Weigh words by place, compare them with classes, score."""
        encoded = self.encoder(batch.inputs)
        words = self.encoder.words(batch.inputs)
        from_end = self.config.keep == "last"
        mixed = weighed_by_place(cast(Tensor, encoded.tokens), words, self.places.weight, from_end)

        def scores(classes: Tensor) -> Tensor:
            hidden = torch.einsum("lh,buh->blu", classes, mixed) + self.places.bias
            return cast(Tensor, self.scorer(hidden.relu())).squeeze(-1)

        logits = in_label_parts(scores, [self.classes], len(words) * self.config.hidden)
        return Forward(logits, labels=self.classes, encoded=encoded)

    def label_embeddings(self) -> Tensor:
        """The classes' vectors (L, H)."""
        return self.classes

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy."""
        return [Stage("classification", [Classification()])]


def weighed_by_place(tokens: Tensor, mask: Tensor, weight: Tensor, from_end: bool = False) -> Tensor:
    """Words summed by the weights of their places, for each unit: W_1 on the interaction, but before it.

    A word's place is its number among the words of its document, counted from the beginning or the end, never
    among the padding; words beyond the last place are left out.
    Shapes: tokens (B, T, H), mask (B, T), weight (units, n) -> (B, units, H).
    """
    real = mask.bool()
    place = real.cumsum(dim=1) - 1
    if from_end:
        place = real.sum(dim=1, keepdim=True) - 1 - place
    inside = real & (place < weight.shape[1])
    by_word = functional.embedding(place.clamp(0, weight.shape[1] - 1), weight.t())  # (B, T, units)
    by_word = by_word.masked_fill(~inside.unsqueeze(-1), 0.0)
    return by_word.transpose(1, 2) @ tokens.masked_fill(~inside.unsqueeze(-1), 0.0)
