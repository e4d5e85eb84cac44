"""An LSTM that says labels one after another and looks at the document, or at several memories, at each step.

Source: "SGM: Sequence Generation Model for Multi-label Classification" (2018), section 2. A label that was
said is masked in every softmax: while it learns, in greedy steps, in samples and in the beam.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, cast

import torch
from torch import Tensor, nn

from workbench.encoders.pooling import masked_mean
from workbench.errors import WorkbenchError
from workbench.memory import free_main_memory
from workbench.methods.decoder_attention import AdditiveAttention, DotAttention, Memory
from workbench.methods.sequence_decoder import Hypotheses, Step, beam_search
from workbench.methods.vectors import at_least_float32

_BATCH = 32  # documents that a step is guessed for
_KEPT = 6  # numbers kept of each logit on the way back
_COPIES = 4  # of a weight in training: itself, its gradient, and Adam's two


@dataclass(frozen=True)
class DecoderState:
    """Where R sequences stand, all of them equally many for each document.

    Shapes: hidden and cell, one (R, U) a layer; what was seen last, context (R, C); labels said (R, L + 1);
    the logits (R, L + 1) of the step before, None before the first.
    """

    hidden: tuple[Tensor, ...]
    cell: tuple[Tensor, ...]
    context: Tensor
    said: Tensor
    logits: Tensor | None = None

    def of(self, rows: Tensor) -> DecoderState:
        """The states of these rows, in their order."""
        return DecoderState(
            tuple(part[rows] for part in self.hidden),
            tuple(part[rows] for part in self.cell),
            self.context[rows],
            self.said[rows],
            None if self.logits is None else self.logits[rows],
        )


class GlobalEmbedding(nn.Module):
    """g = H e + (1 - H) mean, H = sigmoid(W1 e + W2 mean): the last label beside all it could have been."""

    def __init__(self, size: int, temperature: float) -> None:
        super().__init__()
        self.temperature = temperature
        self.last, self.mean = nn.Linear(size, size), nn.Linear(size, size, bias=False)

    def forward(self, last: Tensor, logits: Tensor, embeddings: Tensor) -> Tensor:
        """Shapes: last (R, E), masked logits (R, L + 1) of it, embeddings (L + 1, E) -> (R, E)."""
        odds = (at_least_float32(logits) / self.temperature).softmax(dim=1).to(last.dtype)
        mean = odds @ embeddings
        gate = torch.sigmoid(self.last(last) + self.mean(mean))
        return gate * last + (1 - gate) * mean


class RecurrentDecoder(nn.Module):
    """s_t = LSTM(s_{t-1}, [g_{t-1}; c_{t-1}]), o_t = W_o tanh(W_d s_t + V_d c_t), p_t = softmax(o_t + I_t).

    I_t is minus infinity for labels said before. The first state is a layer with tanh on the mean of the
    first memory's states, the first cell and context are zero. It computes in the precision of its weights.
    """

    def __init__(
        self,
        n_labels: int,
        memory_sizes: Sequence[int],
        units: int,
        embedding_size: int,
        dropout: float,
        layers: int = 1,
        attention: Literal["additive", "dot"] = "additive",
        global_temperature: float | None = None,
    ) -> None:
        """`memory_sizes` D of each memory; the global embedding is there where it has a temperature."""
        super().__init__()
        self.n_labels = n_labels
        self.embedding = nn.Embedding(n_labels + 2, embedding_size)
        seen = sum(memory_sizes)
        inputs = [embedding_size + seen] + [units] * (layers - 1)
        self.cells = nn.ModuleList(nn.LSTMCell(size, units) for size in inputs)
        self.begin = nn.Linear(memory_sizes[0], layers * units)
        self.attentions = nn.ModuleList(
            AdditiveAttention(units, size, units) if attention == "additive" else DotAttention()
            for size in memory_sizes
        )
        self.of_state, self.of_context = nn.Linear(units, units), nn.Linear(seen, units, bias=False)
        self.out = nn.Linear(units, n_labels + 1)
        self.dropout = nn.Dropout(dropout)
        self.whole = (
            None if global_temperature is None else GlobalEmbedding(embedding_size, global_temperature)
        )

    def read(self, *sources: tuple[Tensor, Tensor]) -> list[Memory]:
        """Each memory's states (B, T, D) and mask (B, T), made ready to be looked at."""
        memories = []
        with _exact(sources[0][0]):
            for attention, (states, mask) in zip(self._looks(), sources, strict=True):
                own = states.to(self.out.weight.dtype).masked_fill(~mask.unsqueeze(-1).bool(), 0.0)
                memories.append(Memory(own, attention.keys(own), mask.bool()))
        return memories

    def start(self, memories: Sequence[Memory], beam: int = 1) -> DecoderState:
        """Before the first step, `beam` rows a document."""
        first = memories[0]
        with _exact(first.states):
            hidden = self.begin(masked_mean(first.states, first.mask)).tanh().repeat_interleave(beam, dim=0)
        layers = hidden.chunk(len(self.cells), dim=1)
        context = hidden.new_zeros(len(hidden), self.of_context.in_features)
        said = torch.zeros(len(hidden), self.n_labels + 1, dtype=torch.bool, device=hidden.device)
        return DecoderState(layers, tuple(torch.zeros_like(part) for part in layers), context, said)

    def advance(
        self, token: Tensor, state: DecoderState, memories: Sequence[Memory]
    ) -> tuple[Tensor, DecoderState]:
        """One step behind token (R,): masked logits (R, L + 1) of the next, and where the rows now stand."""
        with _exact(state.context):
            return self._advance(token, state, memories)

    def forward(self, told: Tensor, memories: Sequence[Memory]) -> Tensor:
        """Masked logits (B, S, L + 1) behind each of told (B, S): teacher forcing."""
        state, steps = self.start(memories), []
        for token in told.unbind(dim=1):
            logits, state = self.advance(token, state, memories)
            steps.append(logits)
        return torch.stack(steps, dim=1)

    def stepper(self, memories: Sequence[Memory], beam: int) -> Step:
        """The same for a beam, step by step; states follow the sequences that go on."""
        state = self.start(memories, beam)

        def step(said: Tensor, parent: Tensor) -> Tensor:
            nonlocal state
            rows = torch.arange(len(parent), device=parent.device).unsqueeze(1) * beam + parent
            logits, state = self.advance(said[:, :, -1].flatten(), state.of(rows.flatten()), memories)
            return logits.view(*parent.shape, -1)

        return step

    def search(
        self, memories: Sequence[Memory], beam: int, most: int, odds: Tensor | None = None
    ) -> tuple[Hypotheses, Tensor]:
        """The likeliest sequences, and the probability (B, L) of each label to be said first.

        `odds` (B, L) are added to the logits of the labels at every step, where there are any.
        """
        documents, step = len(memories[0].mask), self.stepper(memories, beam)
        added = memories[0].states.new_zeros(documents, 1, self.n_labels + 1)
        if odds is not None:
            added[:, 0, :-1] = odds
        most = min(most, self.n_labels)
        found = beam_search(
            lambda said, parent: step(said, parent) + added, documents, self.n_labels, beam, most, added
        )
        beginning = torch.full((documents,), self.n_labels + 1, device=added.device)
        first, _ = self.advance(beginning, self.start(memories), memories)
        return found, at_least_float32(first + added[:, 0]).softmax(dim=1)[:, :-1]

    def _advance(
        self, token: Tensor, state: DecoderState, memories: Sequence[Memory]
    ) -> tuple[Tensor, DecoderState]:
        states = torch.cat([self._words(token, state), state.context], dim=1)
        hidden, cell = [], []
        for number, layer in enumerate(self.cells):
            told = self.dropout(states)
            states, kept = layer(told, (state.hidden[number], state.cell[number]))
            hidden.append(states)
            cell.append(kept)
        asked = states.view(len(memories[0].mask), -1, states.shape[1])  # (B, K, U)
        seen = [look(asked, memory)[0] for look, memory in zip(self._looks(), memories, strict=True)]
        context = torch.cat(seen, dim=2).flatten(0, 1)
        inside = (self.of_state(states) + self.of_context(context)).tanh()
        said = _said(state.said, token)
        logits = self.out(self.dropout(inside)).masked_fill(said, -torch.inf)
        return logits, DecoderState(tuple(hidden), tuple(cell), context, said, logits)

    def _looks(self) -> list[AdditiveAttention | DotAttention]:
        return [cast("AdditiveAttention | DotAttention", attention) for attention in self.attentions]

    def _words(self, token: Tensor, state: DecoderState) -> Tensor:
        last: Tensor = self.embedding(token)
        if self.whole is None or state.logits is None:
            return last
        whole: Tensor = self.whole(last, state.logits, self.embedding.weight[:-1])
        return whole


def require_few_labels(
    method: str, n_labels: int, most: int, steps: int, units: int, embedding_size: int
) -> None:
    """Raise WorkbenchError above `most` labels, or where training has no room for so many.

    What is guessed: weights of the labels with what Adam keeps of them, and of a batch of 32 documents the
    logits of all steps with what is kept of them on the way back.
    """
    weights = _COPIES * (n_labels + 2) * (units + embedding_size)
    needed, free = 4 * (weights + _KEPT * _BATCH * steps * (n_labels + 1)), free_main_memory()
    if n_labels > most or needed > free:
        raise WorkbenchError(
            f"{method} chooses among all labels at each step and is practical for {most:,} at most. The "
            f"corpus has {n_labels:,}: in training its decoder needs about {needed / 1e9:.1f} GB for them "
            f"({_BATCH} documents a batch, {steps} steps), and {free / 1e9:.1f} GB are free. Take a method "
            "that scores all labels at once, such as bert, text-cnn or binary-relevance, or fewer labels."
        )


def _said(said: Tensor, token: Tensor) -> Tensor:
    """What was said with one token (R,) more; end and beginning never count: (R, L + 1)."""
    end = said.shape[1] - 1
    found = said.scatter(1, token.clamp(max=end).unsqueeze(1), True)
    found[:, end] = False
    return found


def _exact(like: Tensor) -> torch.autocast:
    """No lower precision inside: not every processor has LSTMs of half precision, and beams compare sums."""
    return torch.autocast(like.device.type, enabled=False)
