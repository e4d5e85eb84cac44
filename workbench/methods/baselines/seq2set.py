"""Seq2Set-style: what one decoder says is read by a second, which is rewarded for the set of its labels.

A reconstruction of "A Deep Reinforced Sequence-to-Set Model for Multi-Label Classification" (ACL 2019): its
published code is a different model with one decoder, and the equations of the second came to us from a
secondary note. Ours are that the second decoder reads the states of the first one's greedy sequence, in
training as in use, and that both learn by cross entropy before any reward is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, cast

from pydantic import Field
from torch import Tensor

from workbench.cards.seq2set import CARD
from workbench.encoders.base import Encoded, Encoder
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
from workbench.methods.decoder_attention import Memory
from workbench.methods.evaluation import evaluating
from workbench.methods.recurrent_decoder import RecurrentDecoder, require_few_labels
from workbench.methods.registry import register
from workbench.methods.roll_out import drawn, greedily, roll_out
from workbench.methods.sequence_decoder import (
    SequenceCrossEntropy,
    Taught,
    decoded,
    frequency_order,
    gold_sequences,
    sequence_loss,
)

_PRACTICAL_LABELS = 2_000


class Seq2SetConfig(MethodConfig):
    """Hyper-parameters of the two decoders."""

    variant: Literal["seq2set-style"] = Field("seq2set-style", description="there is one")
    state_size: int = Field(512, ge=1, description="size of a decoder's state and of its attention")
    label_size: int = Field(256, ge=1, description="dimensions of a label's embedding")
    dropout: float = Field(0.5, ge=0, lt=1, description="dropout in the decoders")
    beam: int = Field(10, ge=1, description="sequences that are followed at once")
    most_labels: int = Field(11, ge=1, description="labels of a sequence, at most")
    self_critical: bool = Field(True, description="whether sets are rewarded in a stage of its own")
    reward: float = Field(0.5, gt=0, le=1, description="lambda: the reward's share of the loss in that stage")
    critical_epochs: int | None = Field(None, ge=1, description="epochs of that stage; unset: as the first's")
    critical_rate: float = Field(1e-5, gt=0, description="learning rate of that stage")


@dataclass
class TaughtBoth(Taught):
    """`steps` of the sequence decoder and set_steps (B, S, L + 1) of the set decoder, told the same gold."""

    set_steps: Tensor | None = None


@dataclass
class Rewarded(Taught):
    """Beside `steps`: a sample's log_prob (B,) and its advantage (B,) over the greedy sequence."""

    log_prob: Tensor | None = None
    advantage: Tensor | None = None


class SetCrossEntropy(Objective):
    """The next label or the end, said by the set decoder: where its rewards start from."""

    name = "set_sequence"
    requires = ("set_steps", "gold")

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """Cross entropy, the mean over tokens."""
        taught = cast(TaughtBoth, forward)
        return sequence_loss(cast(Tensor, taught.set_steps), cast(Tensor, taught.gold))


class SelfCritical(Objective):
    """Samples better than the greedy sequence become likelier, worse ones less likely."""

    name = "self_critical"
    requires = ("log_prob", "advantage")

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The mean over documents."""
        rewarded = cast(Rewarded, forward)
        return self_critical_loss(cast(Tensor, rewarded.log_prob), cast(Tensor, rewarded.advantage))


@register
class Seq2Set(Method):
    """Labels of the set decoder; the set is that of its likeliest sequence."""

    name = "seq2set-style"
    variants: ClassVar[dict[str, str]] = {
        "seq2set-style": "a second decoder, rewarded for its set, reads what the first one said"
    }
    card = CARD
    Config = Seq2SetConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {"units": 256, "dropout": 0.5}
    says_sets = True
    order: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        given, n_labels = self.config, len(labels)
        units, size = given.state_size, given.label_size
        steps = 4 * (given.most_labels + 1)  # two taught decoders, a greedy one and a sample
        require_few_labels(self.name, n_labels, _PRACTICAL_LABELS, steps, units, size)
        self.most = min(given.most_labels, n_labels)
        self.sequence_decoder = RecurrentDecoder(n_labels, [encoder.hidden_size], units, size, given.dropout)
        self.set_decoder = RecurrentDecoder(
            n_labels, [encoder.hidden_size, units], units, size, given.dropout
        )
        self.register_buffer("order", frequency_order(labels), persistent=False)

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) of how sure the beam is of each label, and the likeliest sequence's set."""
        encoded = self.encoder(batch.inputs)
        found, first = self.set_decoder.search(self._read(encoded)[1], self.config.beam, self.most)
        logits, chosen = decoded(found, first)
        return Forward(logits, chosen=chosen, encoded=encoded)

    def label_embeddings(self) -> Tensor:
        """What the set decoder is told when a label was said (L, E)."""
        return self.set_decoder.embedding.weight[: len(self.label_space)]

    def stages(self) -> Sequence[Stage]:
        """Cross entropy of both decoders; then, unless switched off, rewards for the second."""
        given = self.config
        taught = Stage("classification", [SequenceCrossEntropy(), SetCrossEntropy()], forward=self._taught)
        if not given.self_critical:
            return [taught]
        objectives = [
            SequenceCrossEntropy(Objective.Settings(weight=1 - given.reward)),
            SelfCritical(Objective.Settings(weight=given.reward)),
        ]
        critical = Stage(
            "self-critical",
            objectives,
            epochs=given.critical_epochs,
            learning_rate=given.critical_rate,
            rate_setting="critical_rate",
            forward=self._rewarded,
        )
        return [taught, critical]

    def _read(self, encoded: Encoded) -> tuple[list[Memory], list[Memory]]:
        """What each decoder attends to: the document; and for the second the first one's greedy states."""
        states = cast(Tensor, encoded.tokens), cast(Tensor, encoded.mask)
        document = self.sequence_decoder.read(states)
        said = roll_out(self.sequence_decoder, document, self.most, greedily)
        return document, self.set_decoder.read(states, (said.states, said.real))

    def _taught(self, batch: Batch) -> Forward:
        """Every step of both with the gold labels before it; logits (B, L) are the set decoder's first."""
        encoded = self.encoder(batch.inputs)
        document, both = self._read(encoded)
        told, gold = gold_sequences(batch.targets, self.order)
        steps, second = self.sequence_decoder(told, document), self.set_decoder(told, both)
        return TaughtBoth(second[:, 0, :-1], encoded=encoded, steps=steps, gold=gold, set_steps=second)

    def _rewarded(self, batch: Batch) -> Forward:
        """A sample of the set decoder beside its greedy sequence, which is said in evaluation mode."""
        encoded = self.encoder(batch.inputs)
        document, both = self._read(encoded)
        told, gold = gold_sequences(batch.targets, self.order)
        sample = roll_out(self.set_decoder, both, self.most, drawn)
        reward = set_f1(sample.labels(), batch.targets)
        return Rewarded(
            sample.log_probs[:, 0, :-1],
            encoded=encoded,
            steps=self.sequence_decoder(told, document),
            gold=gold,
            log_prob=sample.log_prob(),
            advantage=reward - set_f1(self._greedy(batch), batch.targets),
        )

    def _greedy(self, batch: Batch) -> Tensor:
        """The labels (B, L) that it says greedily, without dropout and without gradients."""
        with evaluating(self):
            _, both = self._read(self.encoder(batch.inputs))
            return roll_out(self.set_decoder, both, self.most, greedily).labels()


def set_f1(said: Tensor, targets: Tensor) -> Tensor:
    """F1 of each document's set, which knows no order; 1 where both sets are empty. (B, L) twice -> (B,)."""
    gold = targets.bool()
    both, either = (said & gold).sum(dim=1), said.sum(dim=1) + gold.sum(dim=1)
    return (2 * both.float() / either.clamp(min=1)).masked_fill(either == 0, 1.0)


def self_critical_loss(log_prob: Tensor, advantage: Tensor) -> Tensor:
    """Minus a sample's advantage times its log-probability, the mean over documents: (B,) twice -> scalar."""
    return -(advantage.detach() * log_prob).mean()
