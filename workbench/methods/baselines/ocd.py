"""OCD: labels without an order. A decoder follows what it says itself and is told at each step what is left.

Paper: "Order-free Learning Alleviating Exposure Bias in Multi-label Classification" (AAAI 2020). A second
head scores every label by itself; it can correct the decoder's sequences, or steer each of its steps. The
weight of its loss and the ranking of labels are not known: see the card. The decoder's state is as large as
the encoder's, with which it is compared by dot products.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.ocd import CARD
from workbench.encoders.base import Encoded, Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Objective,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.cross_attention import weighted_document
from workbench.methods.label_attention import masked_softmax
from workbench.methods.recurrent_decoder import RecurrentDecoder, require_few_labels
from workbench.methods.registry import register
from workbench.methods.roll_out import drawn, roll_out
from workbench.methods.sequence_decoder import Hypotheses, decoded
from workbench.methods.vectors import at_least_float32

_PRACTICAL_LABELS = 3_000
_HEAD_UNITS = 512


class OCDConfig(MethodConfig):
    """Hyper-parameters of the decoder and of the head beside it."""

    variant: Literal["ocd"] = Field("ocd", description="there is one")
    label_size: int = Field(256, ge=1, description="dimensions of a label's embedding")
    decoder_layers: int = Field(1, ge=1, le=8, description="layers of the decoder")
    dropout: float = Field(0.5, ge=0, lt=1, description="dropout in the decoder and in the head")
    relevance: float = Field(
        1.0, ge=0, description="weight of the loss of the head that scores labels alone; 0: there is none"
    )
    decoding: Literal["beam", "rescoring", "joint"] = Field(
        "beam", description="the decoder alone, or its sequences, or each of its steps, judged by the head"
    )
    beam: int = Field(6, ge=1, description="sequences that are followed at once")
    most_labels: int = Field(25, ge=1, description="labels of a sequence, at most")


@dataclass
class Explored(Forward):
    """What the decoder said by itself: log_probs and optimal targets (B, S, L + 1), and real steps (B, S)."""

    log_probs: Tensor | None = None
    optimal: Tensor | None = None
    real: Tensor | None = None


class Completion(Objective):
    """What is left to say, at each step behind what the decoder said itself."""

    name = "completion"
    requires = ("log_probs", "optimal", "real")

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The divergence summed over steps up to the end, the mean over documents."""
        found = cast(Explored, forward)
        parts = found.optimal, found.log_probs, found.real
        return completion_loss(*(cast(Tensor, part) for part in parts))


class RelevanceHead(nn.Module):
    """Binary relevance: tokens are pooled by attention, three layers lead to one logit a label."""

    def __init__(self, size: int, n_labels: int, dropout: float) -> None:
        super().__init__()
        self.attention = nn.Sequential(nn.Linear(size, size), nn.Tanh(), nn.Linear(size, 1, bias=False))
        sizes = [size] + [_HEAD_UNITS] * 3
        layers: list[nn.Module] = []
        for inside, outside in pairwise(sizes):
            layers += [nn.Linear(inside, outside), nn.ReLU(), nn.Dropout(dropout)]
        self.layers = nn.Sequential(*layers, nn.Linear(_HEAD_UNITS, n_labels))

    def forward(self, tokens: Tensor, mask: Tensor) -> Tensor:
        """Logits (B, L) of tokens (B, T, H) with their mask (B, T)."""
        scores = at_least_float32(self.attention(tokens).squeeze(2))
        weights = masked_softmax(scores, mask).to(tokens.dtype)
        real = tokens.masked_fill(~mask.unsqueeze(2), 0.0)
        logits: Tensor = self.layers(weighted_document(weights, real, mask))
        return logits


@register
class OCD(Method):
    """Labels in whatever order the decoder likes; the set is that of the likeliest sequence."""

    name = "ocd"
    variants: ClassVar[dict[str, str]] = {
        "ocd": "an LSTM that learns without an order of labels what is left"
    }
    card = CARD
    Config = OCDConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {"units": 256, "dropout": 0.5}
    says_sets = True

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        size, given, n_labels = encoder.hidden_size, self.config, len(labels)
        if given.decoding != "beam" and not given.relevance:
            raise WorkbenchError(
                f"decoding={given.decoding} asks the head that scores labels alone, which relevance=0 leaves "
                "untrained. Give its loss a weight (--set relevance=1), or take --set decoding=beam"
            )
        require_few_labels(self.name, n_labels, _PRACTICAL_LABELS, given.most_labels, size, given.label_size)
        self.decoder = RecurrentDecoder(
            n_labels, [size], size, given.label_size, given.dropout, given.decoder_layers, "dot"
        )
        self.head = RelevanceHead(size, n_labels, given.dropout) if given.relevance else None

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) of how sure the beam is of each label, and the likeliest sequence's set."""
        encoded = self.encoder(batch.inputs)
        tokens, mask = _states(encoded)
        odds = None if self.head is None else at_least_float32(self.head(tokens, mask))
        found, first = self.decoder.search(
            self.decoder.read((tokens, mask)),
            self.config.beam,
            self.config.most_labels,
            odds if self.config.decoding == "joint" else None,
        )
        if self.config.decoding == "rescoring":
            found = rescored(found, cast(Tensor, odds))
        logits, chosen = decoded(found, first)
        return Forward(logits, chosen=chosen, encoded=encoded)

    def label_embeddings(self) -> Tensor:
        """What the decoder is told when a label was said (L, E)."""
        return self.decoder.embedding.weight[: len(self.label_space)]

    def stages(self) -> Sequence[Stage]:
        """One stage: what is left to say behind the decoder's own samples, and each label by itself."""
        objectives: list[Objective] = [Completion()]
        if self.head is not None:
            objectives.append(Classification(Classification.Settings(weight=self.config.relevance)))
        return [Stage("classification", objectives, forward=self._explored)]

    def _explored(self, batch: Batch) -> Forward:
        """Say labels by chance; logits (B, L) are the head's, without it those of the first step."""
        encoded = self.encoder(batch.inputs)
        tokens, mask = _states(encoded)
        most = min(self.config.most_labels, len(self.label_space))
        said = roll_out(self.decoder, self.decoder.read((tokens, mask)), most, drawn)
        return Explored(
            said.log_probs[:, 0, :-1] if self.head is None else self.head(tokens, mask),
            encoded=encoded,
            log_probs=said.log_probs,
            optimal=optimal_targets(batch.targets, said.tokens),
            real=said.real,
        )


def optimal_targets(targets: Tensor, tokens: Tensor) -> Tensor:
    """What should be said at each step: any gold label not said before, alike; the end where none is left.

    Shapes: targets (B, L) of 0 and 1, what was said, tokens (B, S) -> probabilities (B, S, L + 1).
    """
    n_labels = targets.shape[1]
    told = functional.pad(tokens[:, :-1], (1, 0), value=n_labels)  # before the first step, nothing
    said = functional.one_hot(told, n_labels + 1).cumsum(dim=1)[..., :n_labels].bool()
    left = targets.bool().unsqueeze(1) & ~said  # (B, S, L)
    is_done = ~left.any(dim=2, keepdim=True)
    wanted = torch.cat([left, is_done], dim=2).float()
    return wanted / wanted.sum(dim=2, keepdim=True)


def completion_loss(optimal: Tensor, log_probs: Tensor, real: Tensor) -> Tensor:
    """KL(optimal || p) summed over the steps up to the end, the mean over documents.

    What has no part in the target has none in the sum, also where p is masked to zero. Shapes: optimal and
    log_probs (B, S, L + 1), real (B, S) -> scalar.
    """
    own = torch.special.xlogy(optimal, optimal)
    other = optimal * log_probs.masked_fill(optimal == 0, 0.0)
    steps = (own - other).sum(dim=2)
    return steps.masked_fill(~real, 0.0).sum(dim=1).mean()


def rescored(hypotheses: Hypotheses, odds: Tensor) -> Hypotheses:
    """A beam in the order of log p + the sum of its labels' logits, which then sum to probability 1.

    Shapes: odds, logits of labels alone (B, L).
    """
    has = hypotheses.contain(odds.shape[1]).to(odds.dtype)  # (B, K, L)
    scores = hypotheses.log_probs + (has @ odds.unsqueeze(2)).squeeze(2)
    best = scores.argsort(dim=1, descending=True, stable=True)
    tokens = hypotheses.tokens.gather(1, best.unsqueeze(2).expand_as(hypotheses.tokens))
    return replace(hypotheses, tokens=tokens, log_probs=scores.gather(1, best).log_softmax(dim=1))


def _states(encoded: Encoded) -> tuple[Tensor, Tensor]:
    return cast(Tensor, encoded.tokens), cast(Tensor, encoded.mask).bool()
