"""Convolutions over words: filters of several widths and their maxima over time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import torch
from pydantic import Field, field_validator
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from workbench.config import Config
from workbench.encoders.base import Encoded, Inputs
from workbench.encoders.maxima import window_maxima
from workbench.encoders.word_encoder import WordEncoder, WordSettings


class CNNSettings(WordSettings):
    """Hyper-parameters of the convolutional encoder."""

    filters: int = Field(256, ge=1, description="filters of each width")
    widths: tuple[int, ...] = Field((2, 4, 8), min_length=1, description="words that a filter sees at once")

    @field_validator("widths")
    @classmethod
    def _widths_are_positive(cls, widths: tuple[int, ...]) -> tuple[int, ...]:
        if min(widths) < 1:
            raise ValueError("every width must be at least 1")
        return widths


class CNN(WordEncoder):
    """One vector per document: the maxima over time of `filters` x `widths` ReLU feature maps.

    Source: "Convolutional Neural Networks for Sentence Classification" (Kim, 2014), Eq. 2-4.
    """

    kind = "cnn"
    Settings: ClassVar[type[Config]] = CNNSettings
    suggested_learning_rate = 3e-3
    """Validation nDCG@5 on 4,000 abstracts of AAPD, base, one seed: 0.786 after five of eight epochs with it,
    0.787 after all eight with 0.001, 0.767 at most in five with 0.01. With fewer steps 0.01 is the better."""
    settings: CNNSettings

    def __init__(self, settings: CNNSettings, tokenizer: Tokenizer) -> None:
        super().__init__(settings, tokenizer)
        self.hidden_size = settings.filters * len(settings.widths)
        self.convolutions = nn.ModuleList(
            nn.Conv1d(settings.embedding_size, settings.filters, width) for width in settings.widths
        )

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Document (B, H) from windows inside the text; tokens (B, T, H) from windows centred on words."""
        words, mask = self.read(inputs, embeddings)
        return Encoded(lambda: self._maxima(words, mask), lambda: self._token_states(words, mask), mask)

    def _maxima(self, words: Tensor, mask: Tensor) -> Tensor:
        pooled = []
        for convolution, padded, width in self._windows(words):
            valid = windows_inside(mask, padded.shape[1] - width + 1, width)
            pooled.append(functional.relu(window_maxima(padded, convolution.weight, convolution.bias, valid)))
        return self.dropout(torch.cat(pooled, dim=1))

    def _token_states(self, words: Tensor, mask: Tensor) -> Tensor:
        length = mask.shape[1]
        maps = [
            convolution(padded.transpose(1, 2))[:, :, :length]
            for convolution, padded, _ in self._windows(words)
        ]
        states = functional.relu(torch.cat(maps, dim=1)).transpose(1, 2)
        return self.dropout(states.masked_fill(~mask.unsqueeze(-1), 0.0))

    def _windows(self, words: Tensor) -> Iterator[tuple[nn.Conv1d, Tensor, int]]:
        """Each convolution with the words padded so that window t is centred on word t, and its width."""
        room = max(0, max(self.settings.widths) - words.shape[1])  # every width needs its first window
        for convolution, width in zip(self.convolutions, self.settings.widths, strict=True):
            assert isinstance(convolution, nn.Conv1d)
            yield convolution, functional.pad(words, (0, 0, (width - 1) // 2, width // 2 + room)), width


def windows_inside(mask: Tensor, positions: int, width: int) -> Tensor:
    """Which centred windows of `width` words lie inside their document: mask (B, T) -> (B, positions).

    A document shorter than the window has one of them: the window that starts at its first word.
    """
    length = mask.sum(dim=1, keepdim=True)  # (B, 1)
    start = torch.arange(positions, device=mask.device) - (width - 1) // 2  # (positions,)
    return (start >= 0) & ((start + width <= length) | (start == 0))
