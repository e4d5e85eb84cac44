"""Tensors that are polynomials of a plane's two coordinates: their terms are computed once, points are cheap.

Weights are linear in x and y. What is a sum of products of weights and inputs is a polynomial of low degree,
whose few terms stand stacked along the first dimension: 1, x, y (degree 1), then x², xy, y² (degree 2).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from workbench.probes.directions import Plane

LINEAR, QUADRATIC = 3, 6


def of_weight(plane: Plane, name: str) -> Tensor:
    """The parameter `name` as a polynomial: (3, …) of its shape."""
    return torch.stack([part[name] for part in (plane.origin, plane.first, plane.second)])


def evaluate(terms: Tensor, points: np.ndarray) -> Tensor:
    """The polynomial at each point. Shapes: terms (1, 3 or 6; …), points (P, 2) -> (P, …)."""
    x, y = points.T
    monomials = np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)[:, : len(terms)]
    factors = torch.from_numpy(monomials).to(terms)
    return (factors @ terms.flatten(1)).view(len(points), *terms.shape[1:])


def affine(inputs: Tensor, weight: Tensor, bias: Tensor | None) -> Tensor:
    """A linear layer on inputs that do not depend on the point: (N, I), (3, O, I), (3, O) -> (3, N, O)."""
    products = inputs @ weight.transpose(1, 2)
    return products if bias is None else products + bias.unsqueeze(1)


def convolution(inputs: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """A convolution of inputs that are constant (1 term) or linear (3) with linear filters, no padding.

    Shapes: inputs (1 or 3, B, E, T), weight (3, F, E, K), bias (3, F) -> (3 or 6, B, F, T - K + 1).
    """
    degree, batch = inputs.shape[:2]
    products = functional.conv1d(inputs.flatten(0, 1), weight.flatten(0, 1))
    p = products.view(degree, batch, LINEAR, -1, products.shape[2]).transpose(1, 2)  # (1 or 3, 3, B, F, T')
    linear = [p[0, 0], p[0, 1], p[0, 2]]
    quadratic = []
    if degree == LINEAR:
        linear = [linear[0], linear[1] + p[1, 0], linear[2] + p[2, 0]]
        quadratic = [p[1, 1], p[1, 2] + p[2, 1], p[2, 2]]
    with_bias = [term + bias[index].unsqueeze(1) for index, term in enumerate(linear)]
    return torch.stack([*with_bias, *quadratic])
