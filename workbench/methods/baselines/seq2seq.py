"""Seq2Seq_T: a transformer reads the document, another says its labels one after another.

A reconstruction: the paper of LACO ("Enhancing Label Correlation Feedback in Multi-Label Text Classification
via Multi-Task Learning", 2021) describes it as a "Seq2Seq baseline with 12-layer transformer" and no further,
citing "Maximizing Subset Accuracy with Recurrent Neural Networks in Multi-label Classification" (2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor

from workbench.cards.seq2seq import CARD
from workbench.encoders.base import Encoded, Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Stage,
    require_tokens,
)
from workbench.methods.label_decoder import LabelDecoder
from workbench.methods.recurrent_decoder import require_few_labels
from workbench.methods.registry import register
from workbench.methods.sequence_decoder import (
    SequenceCrossEntropy,
    Taught,
    beam_search,
    decoded,
    frequency_order,
    gold_sequences,
    mask_said,
)

_PRACTICAL_LABELS = 20_000  # measured up to here; the encoder takes far longer than the labels do


class Seq2SeqConfig(MethodConfig):
    """Hyper-parameters of the decoder."""

    variant: Literal["seq2seq"] = Field("seq2seq", description="there is one")
    layers: int = Field(3, ge=1, description="layers of the decoder")
    heads: int = Field(8, ge=1, description="attention heads of the decoder, at most; what divides its size")
    dropout: float = Field(0.1, ge=0, lt=1, description="dropout in the decoder")
    beam: int = Field(5, ge=1, description="sequences that are followed at once")
    most_labels: int = Field(25, ge=1, description="labels of a predicted sequence, at most")


@register
class Seq2Seq(Method):
    """Labels in the order of their training frequency; the set is that of the likeliest sequence."""

    name = "seq2seq"
    variants: ClassVar[dict[str, str]] = {"seq2seq": "a transformer that says labels one after another"}
    card = CARD
    Config = Seq2SeqConfig
    default_encoder = "minilm"
    says_sets = True
    order: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        # a batch has as many rows of logits as it has steps to learn, or sequences in the beam
        rows = max(self.config.most_labels + 1, self.config.beam)
        require_few_labels(self.name, len(labels), _PRACTICAL_LABELS, rows, encoder.hidden_size, 0)
        self.decoder = LabelDecoder(
            len(labels), encoder.hidden_size, self.config.heads, self.config.layers, self.config.dropout
        )
        self.register_buffer("order", frequency_order(labels), persistent=False)

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) of how sure the beam is of each label, and the likeliest sequence's set."""
        encoded = self.encoder(batch.inputs)
        memory, mask = _states(encoded)
        n_labels = len(self.label_space)
        most = min(self.config.most_labels, n_labels)
        step = self.decoder.stepper(memory, mask)
        found = beam_search(step, len(memory), n_labels, self.config.beam, most, memory)
        beginning = torch.full((len(memory), 1), n_labels + 1, device=memory.device)
        first = self.decoder(beginning, memory, mask)[:, 0].float().softmax(dim=1)[:, :n_labels]
        logits, chosen = decoded(found, first)
        return Forward(logits, chosen=chosen, labels=self.label_embeddings(), encoded=encoded)

    def label_embeddings(self) -> Tensor:
        """The labels' tokens (L, H), which are also what the next one is compared with."""
        return self.decoder.tokens[: len(self.label_space)]

    def stages(self) -> Sequence[Stage]:
        """One stage: cross entropy of the next label with teacher forcing."""
        return [Stage("classification", [SequenceCrossEntropy()], forward=self._taught)]

    def _taught(self, batch: Batch) -> Forward:
        """Every step with the gold labels before it; logits (B, L) are those of the first."""
        encoded = self.encoder(batch.inputs)
        told, gold = gold_sequences(batch.targets, self.order)
        steps = self.decoder(told, *_states(encoded))
        return Taught(
            steps[:, 0, : len(self.label_space)],
            labels=self.label_embeddings(),
            encoded=encoded,
            steps=mask_said(steps, told),
            gold=gold,
        )


def _states(encoded: Encoded) -> tuple[Tensor, Tensor]:
    return cast(Tensor, encoded.tokens), cast(Tensor, encoded.mask)
