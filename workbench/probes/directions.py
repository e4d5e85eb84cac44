"""Directions in the space of a model's trained weights, comparable between models.

Source: "Visualizing the Loss Landscape of Neural Nets" (Li et al., 2018), Section 4.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

Weights = dict[str, Tensor]
"""Tensors by the name of their parameter: a point, or a direction, in the space of the trained weights."""


@dataclass(frozen=True)
class Plane:
    """The weights `origin` + x `first` + y `second`; all three hold the same names and shapes."""

    origin: Weights
    first: Weights
    second: Weights

    def at(self, x: float, y: float, names: Iterable[str] | None = None) -> Weights:
        """The weights at (x, y): all, or those of these names."""
        return {
            name: self.origin[name].add(self.first[name], alpha=x).add_(self.second[name], alpha=y)
            for name in (self.origin if names is None else names)
        }


def random_direction(weights: Mapping[str, Tensor], seed: int, number: int) -> Weights:
    """Direction `number` of this seed: normal numbers, filter-normalised.

    Each tensor's numbers follow from seed, number and the tensor's name and shape alone. So models of one
    architecture get the same numbers, whatever the order of their parameters, before each is scaled by its
    own weights. One-dimensional tensors (biases, norms) stay where they are, as in the source.
    """
    return {name: _random(name, weight, seed, number) for name, weight in weights.items()}


def _random(name: str, weight: Tensor, seed: int, number: int) -> Tensor:
    if weight.dim() < 2:
        return torch.zeros_like(weight)
    generator = np.random.default_rng([seed, number, zlib.crc32(name.encode())])
    drawn = torch.from_numpy(generator.standard_normal(tuple(weight.shape), dtype=np.float32))
    return filter_normalised(drawn.to(weight), weight)


def filter_normalised(direction: Tensor, weight: Tensor) -> Tensor:
    """Each row (first index) of `direction` rescaled to the norm of that row of `weight`.

    A row is an output unit of a linear layer, a convolution's filter or a word's embedding. A row of zeros in
    `weight`, such as the embedding of padding, gets no direction. Shapes: both (R, …) -> (R, …).
    """
    wanted, given = (torch.linalg.vector_norm(tensor.flatten(1), dim=1) for tensor in (weight, direction))
    scale = torch.where(given > 0, wanted / given, 0.0)
    return direction * scale.view(-1, *[1] * (direction.dim() - 1))


def flattened(weights: Mapping[str, Tensor]) -> Tensor:
    """All numbers in one vector, tensor by tensor in the order of their names."""
    return torch.cat([weights[name].reshape(-1) for name in sorted(weights)])


def unflattened(vector: Tensor, like: Mapping[str, Tensor]) -> Weights:
    """The inverse of `flattened`, in the shapes of `like`."""
    parts = vector.split([like[name].numel() for name in sorted(like)])
    return {name: part.view_as(like[name]) for name, part in zip(sorted(like), parts, strict=True)}
