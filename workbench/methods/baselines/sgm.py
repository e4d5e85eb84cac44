"""SGM: an LSTM reads nothing but what it said and what it sees of the document, and says the labels in a row.

Paper: "SGM: Sequence Generation Model for Multi-label Classification" (COLING 2018). The paper does not say
how labels are ranked for P@k: here by the probabilities, summed, of the sequences of the beam that have a
label; labels of none stand behind them, by the probability of being said first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

from pydantic import Field
from torch import Tensor

from workbench.cards.sgm import CARD
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
from workbench.methods.recurrent_decoder import RecurrentDecoder, require_few_labels
from workbench.methods.registry import register
from workbench.methods.sequence_decoder import (
    SequenceCrossEntropy,
    Taught,
    decoded,
    frequency_order,
    gold_sequences,
)

_PRACTICAL_LABELS = 5_000


class SGMConfig(MethodConfig):
    """Hyper-parameters of the decoder."""

    variant: Literal["sgm"] = Field("sgm", description="there is one")
    state_size: int = Field(512, ge=1, description="size of the decoder's state and of its attention")
    label_size: int = Field(512, ge=1, description="dimensions of a label's embedding")
    dropout: float = Field(0.1, ge=0, lt=1, description="dropout in the decoder")
    global_embedding: bool = Field(
        True, description="whether a step is told all that the last could have been"
    )
    temperature: float = Field(
        1.0, gt=0, description="of the softmax in the global embedding; 0.1 in the authors' code"
    )
    beam: int = Field(5, ge=1, description="sequences that are followed at once")
    most_labels: int = Field(30, ge=1, description="labels of a predicted sequence, at most")


@register
class SGM(Method):
    """Labels in the order of their training frequency; the set is that of the likeliest sequence."""

    name = "sgm"
    variants: ClassVar[dict[str, str]] = {"sgm": "an LSTM with attention that says labels one after another"}
    card = CARD
    Config = SGMConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {"units": 256, "dropout": 0.1}
    says_sets = True
    order: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        units, size = self.config.state_size, self.config.label_size
        require_few_labels(
            self.name, len(labels), _PRACTICAL_LABELS, self.config.most_labels + 1, units, size
        )
        self.decoder = RecurrentDecoder(
            len(labels),
            [encoder.hidden_size],
            units,
            size,
            self.config.dropout,
            global_temperature=self.config.temperature if self.config.global_embedding else None,
        )
        self.register_buffer("order", frequency_order(labels), persistent=False)

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) of how sure the beam is of each label, and the likeliest sequence's set."""
        encoded = self.encoder(batch.inputs)
        memories = self.decoder.read((cast(Tensor, encoded.tokens), cast(Tensor, encoded.mask)))
        found, first = self.decoder.search(memories, self.config.beam, self.config.most_labels)
        logits, chosen = decoded(found, first)
        return Forward(logits, chosen=chosen, encoded=encoded)

    def label_embeddings(self) -> Tensor:
        """What the decoder is told when a label was said (L, E)."""
        return self.decoder.embedding.weight[: len(self.label_space)]

    def stages(self) -> Sequence[Stage]:
        """One stage: cross entropy of the next label with teacher forcing."""
        return [Stage("classification", [SequenceCrossEntropy()], forward=self._taught)]

    def _taught(self, batch: Batch) -> Forward:
        """Every step with the gold labels before it; logits (B, L) are those of the first."""
        encoded = self.encoder(batch.inputs)
        told, gold = gold_sequences(batch.targets, self.order)
        memories = self.decoder.read((cast(Tensor, encoded.tokens), cast(Tensor, encoded.mask)))
        steps = self.decoder(told, memories)
        return Taught(steps[:, 0, : len(self.label_space)], encoded=encoded, steps=steps, gold=gold)
