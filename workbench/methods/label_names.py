"""Vectors of labels made of the words that they are called by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    parts = []
    for inputs in inputs_in_parts(encoder.prepare(texts), device):
        tokens = cast(Tensor, encoder(inputs).tokens)
        parts.append(masked_mean(tokens, encoder.words(inputs)).float())
    known = [encoder.knows_any_word(text) for text in texts]
    return torch.cat(parts), torch.tensor(known, device=device)
