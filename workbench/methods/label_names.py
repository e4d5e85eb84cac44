"""Vectors of labels made of the words that they are called by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import cast

import numpy as np
import torch
from torch import Tensor

from workbench.encoders.base import Encoder, Inputs, Prepared
from workbench.encoders.pooling import masked_mean

_AT_ONCE = 64


def inputs_in_parts(prepared: Prepared, device: torch.device) -> Iterator[Inputs]:
    """The inputs of all texts in their order, some at a time, on the device."""
    for start in range(0, len(prepared), _AT_ONCE):
        rows = np.arange(start, min(start + _AT_ONCE, len(prepared)))
        yield {name: part.to(device) for name, part in prepared.batch(rows).items()}


def name_vectors(encoder: Encoder, texts: Sequence[str], device: torch.device) -> tuple[Tensor, Tensor]:
    """The mean of the token states of each label's name, and whether the encoder knows any word of it.

    Shapes: L texts -> (vectors (L, H) in float32, known (L,) bool), on the device, where the encoder is.
    """
    return _mean_of_names(encoder, texts, device, lambda inputs: cast(Tensor, encoder(inputs).tokens))


def name_embeddings(encoder: Encoder, texts: Sequence[str], device: torch.device) -> tuple[Tensor, Tensor]:
    """The same of word embeddings, before any context: (vectors (L, E) in float32, known (L,) bool).

    Raises:
        WorkbenchError: for an encoder without word embeddings, such as a frozen one.
    """
    return _mean_of_names(encoder, texts, device, encoder.embed)


def _mean_of_names(
    encoder: Encoder, texts: Sequence[str], device: torch.device, tokens_of: Callable[[Inputs], Tensor]
) -> tuple[Tensor, Tensor]:
    parts = [
        masked_mean(tokens_of(inputs), encoder.words(inputs)).float()
        for inputs in inputs_in_parts(encoder.prepare(texts), device)
    ]
    known = [encoder.knows_any_word(text) for text in texts]
    return torch.cat(parts), torch.tensor(known, device=device)
