"""Rank-AE-style: words and label sets are drawn into one hidden space, from which labels are ranked.

A reconstruction of "Ranking-Based Autoencoder for Extreme Multi-label Classification" (NAACL 2019), whose
code was not released. Ours are: that both gates of a word multiply its vector, that a document's weights have
a mean square of one, and that the margin is of logits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.rank_ae_style import CARD
from workbench.encoders.base import Encoder
from workbench.encoders.pooling import masked_mean
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.linear_svm import require_tfidf
from workbench.methods.registry import register
from workbench.methods.vectors import at_least_float32


class RankAEStyleConfig(MethodConfig):
    """Hyper-parameters of the words' gates, the autoencoder and its loss."""

    variant: Literal["rank-ae-style"] = Field("rank-ae-style", description="there is one")
    channels: int = Field(100, ge=4, description="numbers of a word's vector")
    hidden: int = Field(100, ge=1, description="numbers of the space that documents and label sets share")
    units: int = Field(800, ge=1, description="units between that space and the labels, both ways")
    margin: float = Field(1.0, ge=0, description="m, by which a document's labels stand above the others")
    ranking: float = Field(1.0, ge=0, description="lambda, the weight of the ranking")


@dataclass(kw_only=True)
class Shared(Forward):
    """Where the document's words and its label set are, both (B, hidden), and the latter decoded (B, L)."""

    document_hidden: Tensor
    set_hidden: Tensor
    decoded: Tensor


class Agreement(Objective):
    """The squared distance of where words and where label sets are, the mean over documents."""

    name = "agreement"

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of all documents."""
        shared = cast(Shared, forward)
        gap = at_least_float32(shared.document_hidden) - at_least_float32(shared.set_hidden)
        return gap.square().sum(dim=1).mean()


class Ranking(Objective):
    """How far decoded label sets are from standing above all other labels, the mean over documents."""

    name = "ranking"

    def __init__(self, settings: Objective.Settings, margin: float) -> None:
        super().__init__(settings)
        self._margin = margin

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of all documents."""
        return ranking_loss(cast(Shared, forward).decoded, batch.targets, self._margin).mean()


class WordBag(nn.Module):
    """Weighted words, gated, averaged and brought into the hidden space."""

    def __init__(self, n_terms: int, channels: int, hidden: int) -> None:
        super().__init__()
        self.words = nn.Embedding(n_terms, channels)
        self.channel_gate = nn.Sequential(
            nn.Linear(channels, channels // 4),
            nn.ReLU(),
            nn.Linear(channels // 4, channels),
            nn.Sigmoid(),
        )
        self.word_gate = nn.Sequential(nn.Linear(channels, 1), nn.Sigmoid())
        self.outer = nn.Linear(channels, hidden)

    def forward(self, terms: Tensor, weights: Tensor) -> Tensor:
        """Different terms (B, T) and their weights, zero at padding -> (B, hidden) between 0 and 1."""
        is_word = weights > 0
        scale = is_word.sum(dim=1, keepdim=True).sqrt()  # bags have unit length: to a mean square of one
        words = self.words(terms) * (scale * weights).unsqueeze(-1)
        gated = words * self.channel_gate(words) * self.word_gate(words)
        return torch.sigmoid(self.outer(masked_mean(gated, is_word)))


@register
class RankAEStyle(Method):
    """An autoencoder of label sets whose hidden space words are drawn into."""

    name = "rank-ae-style"
    variants: ClassVar[dict[str, str]] = {
        "rank-ae-style": "weighted words are drawn to their label set's place in an autoencoder, which ranks",
    }
    card = CARD
    Config = RankAEStyleConfig
    default_encoder = "tfidf"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tfidf(encoder, self.name)
        units, hidden = self.config.units, self.config.hidden
        self.bag = WordBag(encoder.hidden_size, self.config.channels, hidden)
        self.set_encoder = nn.Sequential(
            nn.Linear(len(labels), units), nn.ReLU(), nn.Linear(units, hidden), nn.Sigmoid()
        )
        self.decoder = nn.Sequential(nn.Linear(hidden, units), nn.ReLU(), nn.Linear(units, len(labels)))

    def forward(self, batch: Batch) -> Shared:
        """Logits (B, L) decoded from the words alone; beside them what training compares."""
        words = self.bag(batch.inputs["terms"], batch.inputs["weights"])
        sets = self.set_encoder(batch.targets.to(words.dtype))
        return Shared(self.decoder(words), document_hidden=words, set_hidden=sets, decoded=self.decoder(sets))

    def label_embeddings(self) -> Tensor:
        """The decoder's last weights (L, units)."""
        weight: Tensor = cast(nn.Linear, self.decoder[-1]).weight
        return weight

    def stages(self) -> Sequence[Stage]:
        """One stage: words agree with label sets, and label sets are decoded to a ranking."""
        ranking = Ranking(Objective.Settings(weight=self.config.ranking), self.config.margin)
        return [Stage("autoencoder", [Agreement(), ranking])]


def ranking_loss(scores: Tensor, targets: Tensor, margin: float) -> Tensor:
    """Hinges of gold labels against the highest other one, and of others against the lowest gold one.

    Zero for documents with no label or all labels.
    Shapes: scores (B, L), targets (B, L) of 0 and 1 -> (B,) in float32 or better.
    """
    exact, is_gold = at_least_float32(scores), targets.bool()
    highest = exact.masked_fill(is_gold, -torch.inf).amax(dim=1, keepdim=True)  # of the others
    lowest = exact.masked_fill(~is_gold, torch.inf).amin(dim=1, keepdim=True)  # of the document's own
    own = functional.relu(margin + highest - exact).masked_fill(~is_gold, 0.0)
    others = functional.relu(margin + exact - lowest).masked_fill(is_gold, 0.0)
    return (own + others).sum(dim=1)
