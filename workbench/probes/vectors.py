"""Document vectors at many points of a plane at once: what does not change from point to point is done once.

A convolution of word embeddings is a polynomial of the plane's coordinates, and so is a linear layer on a
frozen encoder's states. Their terms are computed once; a point costs a few multiplications a number.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.encoders.base import Encoder
from workbench.encoders.cnn import CNN
from workbench.encoders.frozen import FrozenEncoder
from workbench.methods.base import Batch
from workbench.probes.directions import Plane
from workbench.probes.polynomials import affine, convolution, evaluate, of_weight

_BLOCK = 1 << 17
"""Numbers evaluated at once, about: what a core's cache holds."""


class Vectors(Protocol):
    """Gives a batch's document vectors at points of a plane: points (P, 2) -> (P, B, H)."""

    def __call__(self, batch: Batch, points: np.ndarray) -> Tensor:
        """The vectors, as the encoder in evaluation mode would give them with the weights of each point."""


def vectors_of(encoder: Encoder, plane: Plane) -> Vectors | None:
    """How to get this encoder's document vectors quickly; None where only its forward pass gives them."""
    if isinstance(encoder, CNN):
        return ConvolutionVectors(encoder, plane)
    if isinstance(encoder, FrozenEncoder):
        return FrozenVectors(encoder, plane)
    return None


class ConvolutionVectors:
    """Maxima over time of polynomials: windows are convolved once a batch, then evaluated at each point."""

    def __init__(self, encoder: CNN, plane: Plane) -> None:
        name = "encoder.embedding.weight"
        fixed = encoder.embedding.weight.detach().unsqueeze(0)
        self._tables = of_weight(plane, name) if name in plane.origin else fixed  # (3 or 1, V, E)
        layers = [f"encoder.convolutions.{number}" for number in range(len(encoder.convolutions))]
        self._filters = [
            (of_weight(plane, f"{layer}.weight"), of_weight(plane, f"{layer}.bias")) for layer in layers
        ]

    def __call__(self, batch: Batch, points: np.ndarray) -> Tensor:
        """Shapes: points (P, 2) -> (P, B, H)."""
        mask = batch.inputs["attention_mask"].bool()
        lengths = mask.sum(dim=1).tolist()
        words = self._tables[:, batch.inputs["input_ids"]] * mask.unsqueeze(-1)  # (3 or 1, B, T, E)
        channels = words.transpose(2, 3)
        pooled = [self._pooled(channels, weight, bias, lengths, points) for weight, bias in self._filters]
        return torch.cat(pooled, dim=2)

    def _pooled(
        self, channels: Tensor, weight: Tensor, bias: Tensor, lengths: Sequence[int], points: np.ndarray
    ) -> Tensor:
        """One width's maxima over the windows inside each document: (P, B, F)."""
        width = weight.shape[3]
        room = max(0, width - channels.shape[3])  # every document has its first window
        terms = convolution(functional.pad(channels, (0, room)), weight, bias).transpose(2, 3)
        pooled = terms.new_empty(len(points), len(lengths), terms.shape[3])
        for row, length in enumerate(lengths):
            inside = terms[:, row, : max(1, length - width + 1)].contiguous()  # (3 or 6, windows, F)
            for block in blocks(len(points), inside[0].numel()):
                pooled[block, row] = evaluate(inside, points[block]).amax(dim=1)
        return functional.relu(pooled)  # grows with its argument: the largest window is the largest after it


class FrozenVectors:
    """Stored states through the projection, whose linear layer is a polynomial of degree 1."""

    def __init__(self, encoder: FrozenEncoder, plane: Plane) -> None:
        self._rest: nn.Module = nn.Identity()
        self._layer: list[Tensor] = []
        if isinstance(encoder.projection, nn.Sequential):
            self._rest = encoder.projection[1:].eval()
            self._layer = [of_weight(plane, f"encoder.projection.0.{part}") for part in ("weight", "bias")]

    def __call__(self, batch: Batch, points: np.ndarray) -> Tensor:
        """Shapes: points (P, 2) -> (P, B, H)."""
        states = batch.inputs["document"]
        if not self._layer:
            return states.expand(len(points), *states.shape)
        return self._rest(evaluate(affine(states, *self._layer), points))


def blocks(count: int, size: int, limit: int = _BLOCK) -> list[slice]:
    """`count` points of `size` numbers each, cut into blocks of at most `limit` numbers (or one point)."""
    step = max(1, limit // size)
    return [slice(start, start + step) for start in range(0, count, step)]
