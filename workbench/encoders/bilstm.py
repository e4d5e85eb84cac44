"""A bidirectional LSTM over words."""

from __future__ import annotations

from typing import ClassVar, Literal

import torch
from pydantic import Field
from tokenizers import Tokenizer
from torch import Tensor, nn

from workbench.config import Config
from workbench.encoders.base import Encoded, Inputs
from workbench.encoders.pooling import masked_max, masked_mean
from workbench.encoders.word_encoder import WordEncoder, WordSettings


class BiLSTMSettings(WordSettings):
    """Hyper-parameters of the recurrent encoder."""

    units: int = Field(512, ge=1, description="hidden size of each direction")
    layers: int = Field(2, ge=1, le=8, description="layers")
    pooling: Literal["max", "mean", "last"] = Field(
        "max", description="document vector: maxima or mean over words, or each direction's final state"
    )


class Bidirectional(nn.Module):
    """One layer in both directions over right-padded rows, as if each row were read alone.

    The same numbers as packed sequences give, from the unpacked kernels: the forward direction never sees the
    padding behind a row, the backward one reads the row reversed in place. On a CPU this trains several times
    faster than packing, whose backward pass goes step by step (measured: 14 documents a second against 4).
    """

    def __init__(self, input_size: int, units: int) -> None:
        super().__init__()
        self.forwards = nn.LSTM(input_size, units, batch_first=True)
        self.backwards = nn.LSTM(input_size, units, batch_first=True)

    def forward(self, states: Tensor, mirror: Tensor) -> Tensor:
        """Shapes: states (B, T, E), mirror (B, T) -> (B, T, 2 x units)."""
        ahead, _ = self.forwards(states)
        back, _ = self.backwards(_reorder(states, mirror))
        return torch.cat([ahead, _reorder(back, mirror)], dim=2)


class BiLSTM(WordEncoder):
    """Token states (B, T, 2 x units) of both directions; the document is pooled from them.

    Source: "Framewise Phoneme Classification with Bidirectional LSTM and Other Neural Network Architectures"
    (Graves and Schmidhuber, 2005).
    """

    kind = "bilstm"
    Settings: ClassVar[type[Config]] = BiLSTMSettings
    settings: BiLSTMSettings

    def __init__(self, settings: BiLSTMSettings, tokenizer: Tokenizer) -> None:
        super().__init__(settings, tokenizer)
        self.hidden_size = 2 * settings.units
        sizes = [settings.embedding_size] + [self.hidden_size] * (settings.layers - 1)
        self.layers = nn.ModuleList(Bidirectional(size, settings.units) for size in sizes)

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Document (B, H) and tokens (B, T, H), zero at padding; rows are padded on the right."""
        states, mask = self.read(inputs, embeddings)
        mirror = mirrored(mask)
        for depth, layer in enumerate(self.layers):
            states = layer(states if depth == 0 else self.dropout(states), mirror)
        tokens = states.masked_fill(~mask.unsqueeze(-1), 0.0)
        return Encoded(self.dropout(self._pool(tokens, mask)), self.dropout(tokens), mask)

    def _pool(self, tokens: Tensor, mask: Tensor) -> Tensor:
        if self.settings.pooling == "max":
            return masked_max(tokens, mask)
        if self.settings.pooling == "mean":
            return masked_mean(tokens, mask)
        units = self.settings.units
        end = mask.sum(dim=1) - 1  # where the forward direction ends; the backward one ends at the first word
        return torch.cat(
            [tokens[torch.arange(len(end), device=end.device), end, :units], tokens[:, 0, units:]], dim=1
        )


def mirrored(mask: Tensor) -> Tensor:
    """The position each one changes places with when its row is reversed; padding stays. (B, T) -> (B, T)."""
    position = torch.arange(mask.shape[1], device=mask.device).expand(mask.shape)
    return torch.where(mask, mask.sum(dim=1, keepdim=True) - 1 - position, position)


def _reorder(states: Tensor, order: Tensor) -> Tensor:
    return states.gather(1, order.unsqueeze(-1).expand_as(states))
