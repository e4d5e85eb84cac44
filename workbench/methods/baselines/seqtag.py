"""SeqTag_Bert: labels are read beside the document, then tagged yes or no in a row by a BiLSTM-CRF.

A reconstruction: the paper of LACO ("Enhancing Label Correlation Feedback in Multi-Label Text Classification
via Multi-Task Learning", 2021) says of it that it takes the labels' states of LACO's encoder and puts out "a
probability for each label sequentially by a BiLSTM-CRF model". Sizes and the labels' order are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torchcrf import CRF

from workbench.cards.seqtag import CARD
from workbench.encoders.base import Encoded, Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.registry import register
from workbench.methods.sequence_decoder import finite_logits, frequency_order

if TYPE_CHECKING:
    from workbench.encoders.joint import JointEncoder


class SeqTagConfig(MethodConfig):
    """Hyper-parameters of the tagger."""

    variant: Literal["seqtag"] = Field("seqtag", description="there is one")
    units: int = Field(256, ge=1, description="units of the BiLSTM over labels, a direction")
    dropout: float = Field(0.1, ge=0, lt=1, description="dropout on the BiLSTM's states")


@dataclass
class Tagged(Forward):
    """What the CRF reads: emissions (B, L, 2) of no and yes, and gold tags (B, L), labels in its order."""

    emissions: Tensor | None = None
    tags: Tensor | None = None


class TagLikelihood(Objective):
    """The negative log-likelihood of the gold tags, the mean over labels and documents."""

    name = "tagging"
    requires = ("emissions", "tags")

    def __init__(self, settings: Objective.Settings, crf: CRF) -> None:
        super().__init__(settings)
        self._crf = crf

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of all documents."""
        tagged = cast(Tagged, forward)
        tags = cast(Tensor, tagged.tags)
        loss: Tensor = -self._crf(tagged.emissions, tags, mask=_everywhere(tags), reduction="token_mean")
        return loss


@register
class SeqTag(Method):
    """Labels in the order of their training frequency; the set is Viterbi's, the ranking by marginals."""

    name = "seqtag"
    variants: ClassVar[dict[str, str]] = {"seqtag": "labels read beside the document, tagged by a BiLSTM-CRF"}
    card = CARD
    Config = SeqTagConfig
    default_encoder = "minilm"
    says_sets = True
    order: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        units = self.config.units
        self.lstm = nn.LSTM(encoder.hidden_size, units, batch_first=True, bidirectional=True)
        self.dropout = nn.Dropout(self.config.dropout)
        self.emission = nn.Linear(2 * units, 2)
        self.crf = CRF(2, batch_first=True)
        self.register_buffer("order", frequency_order(labels), persistent=False)

    @classmethod
    def reads_labels(cls, variant: str) -> bool:
        """The labels' states are what is tagged."""
        return True

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) of the marginals, and the set of the likeliest tags."""
        encoded = self.encoder(batch.inputs)
        emissions = self._emissions(encoded)
        crf = self.crf
        scores = marginals(emissions, crf.start_transitions, crf.transitions, crf.end_transitions)
        with torch.no_grad():
            best = crf.decode(emissions, mask=_everywhere(emissions[..., 0]))
        chosen = torch.tensor(best, device=scores.device).view_as(scores).bool()
        back = self.order.argsort()
        logits = finite_logits(scores[:, back])
        return Forward(logits, labels=encoded.labels, encoded=encoded, chosen=chosen[:, back])

    def label_embeddings(self) -> Tensor:
        """What stands for a label in the input (L, H)."""
        return cast("JointEncoder", self.encoder).label_embeddings()

    def stages(self) -> Sequence[Stage]:
        """One stage: the likelihood of the gold tags."""
        term = TagLikelihood(Objective.Settings(), self.crf)
        return [Stage("classification", [term], forward=self._taught)]

    def _taught(self, batch: Batch) -> Forward:
        """Emissions beside gold tags; logits (B, L) are the emissions of yes over no."""
        encoded = self.encoder(batch.inputs)
        emissions = self._emissions(encoded)
        odds = (emissions[..., 1] - emissions[..., 0])[:, self.order.argsort()]
        tags = batch.targets[:, self.order].long()
        return Tagged(odds, labels=encoded.labels, encoded=encoded, emissions=emissions, tags=tags)

    def _emissions(self, encoded: Encoded) -> Tensor:
        """(B, L, 2) in float32, labels in the order of the row."""
        states, _ = self.lstm(cast(Tensor, encoded.labels)[:, self.order])
        return self.emission(self.dropout(states)).float()


def marginals(emissions: Tensor, start: Tensor, transitions: Tensor, end: Tensor) -> Tensor:
    """How likely each tag is 1, over all rows of tags (forward-backward).

    Shapes: emissions (B, L, 2), start and end (2,), transitions (2, 2) from one tag to the next -> (B, L).
    """
    forward = [start + emissions[:, 0]]
    for place in range(1, emissions.shape[1]):
        reached = (forward[-1].unsqueeze(2) + transitions).logsumexp(dim=1)
        forward.append(reached + emissions[:, place])
    backward = [end.expand_as(forward[0])]
    for place in range(emissions.shape[1] - 1, 0, -1):
        ahead = (emissions[:, place] + backward[-1]).unsqueeze(1)
        backward.append((transitions + ahead).logsumexp(dim=2))
    both = torch.stack(forward, dim=1) + torch.stack(backward[::-1], dim=1)
    return both.softmax(dim=2)[..., 1]


def _everywhere(like: Tensor) -> Tensor:
    """True at all labels, in bool: the bytes that torchcrf would take by itself are deprecated in torch."""
    return torch.ones(like.shape, dtype=torch.bool, device=like.device)
