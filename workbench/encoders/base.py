"""What an encoder is: texts in, token states and one document vector out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from torch import Tensor, nn

from workbench.config import Config

Inputs = dict[str, Tensor]
"""What one batch feeds an encoder: for text `input_ids` (B, T) and `attention_mask` (B, T)."""


@dataclass
class Encoded:
    """Token states (B, T, H), their mask (B, T; true where a token stands) and the document vector (B, H)."""

    document: Tensor
    tokens: Tensor | None = None
    mask: Tensor | None = None


class Prepared(Protocol):
    """Documents made ready once, in the order given; batches are then cut from it without touching text."""

    lengths: np.ndarray
    """(N,) tokens per document after truncation; batches of like lengths waste no padding."""

    def __len__(self) -> int:
        """Documents held."""
        ...

    def batch(self, rows: Sequence[int] | np.ndarray) -> Inputs:
        """The inputs of these documents, padded to the longest of them."""
        ...


class Encoder(nn.Module, ABC):
    """Turns prepared documents into vectors of `hidden_size` = H numbers.

    Padding takes no part in pooling, attention, convolution maxima or averages. A document's vector depends
    neither on the order of its batch nor on how far it was padded.
    """

    name: ClassVar[str]
    Settings: ClassVar[type[Config]]

    hidden_size: int
    settings: Config
    max_labels: int | None = None
    """The largest label set that the encoder can take in, where labels are part of its input."""

    @abstractmethod
    def prepare(self, texts: Sequence[str]) -> Prepared:
        """Tokenise (or look up) the documents once."""

    @abstractmethod
    def embed(self, inputs: Inputs) -> Tensor:
        """Word embeddings (B, T, E), before any context: what Mixup on the input mixes."""

    @abstractmethod
    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Encode a batch; `embeddings` (B, T, E) take the place of the embedded `input_ids` where given."""

    @abstractmethod
    def save(self, folder: Path) -> None:
        """Write what rebuilds this encoder without the corpus (its description, tokenizer, architecture).

        Weights are not written here: the method that owns the encoder keeps them in model.safetensors.
        """

    @classmethod
    @abstractmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Encoder:
        """Rebuild from what `save` wrote; weights of `referenced_parameters` come from their source, verified."""

    def referenced_parameters(self) -> frozenset[str]:
        """Names in `state_dict()` that are never trained and are reloaded from their source, not saved per run."""
        return frozenset()
