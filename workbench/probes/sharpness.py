"""How sharply the loss curves at a model's weights: the largest eigenvalue of its Hessian."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from scipy.linalg import eigh_tridiagonal
from torch import Tensor
from torch.func import functional_call
from torch.nn.attention import SDPBackend, sdpa_kernel

from workbench.methods.base import Batch, Method
from workbench.methods.protomix_equations import classification_loss
from workbench.probes.directions import Weights, flattened, unflattened
from workbench.probes.documents import Sample

Product = Callable[[Tensor], Tensor]
"""A symmetric matrix by what it does to a vector: (D,) -> (D,)."""

Share = Callable[[Weights], Tensor]
"""A batch's share in the mean loss, a scalar that can be differentiated twice by the weights."""


@dataclass(frozen=True)
class Eigenvalue:
    """An estimate, the products it took, and its residual |Hv - value v|: an eigenvalue lies that near."""

    value: float
    residual: float
    products: int
    is_converged: bool


def largest_eigenvalue(
    product: Product,
    start: Tensor,
    *,
    tolerance: float = 0.01,
    most: int = 60,
    advance: Callable[[int], None] | None = None,
) -> Eigenvalue:
    """The largest (most positive) eigenvalue of a symmetric matrix, by power iteration from `start` (D,).

    Each product with the matrix is orthogonalised against the last two vectors, and the estimate is the
    largest eigenvalue within the span of all vectors so far (Lanczos). Plain power iteration uses its last
    vector only: it needs several times as many products, and finds the largest magnitude whatever its sign.
    Ends when the residual is at most `tolerance` times the estimate's magnitude, or after `most` products.
    """
    vector, before, length = start / torch.linalg.vector_norm(start), torch.zeros_like(start), 0.0
    diagonal: list[float] = []
    beside: list[float] = []
    found = Eigenvalue(float("nan"), float("nan"), 0, False)
    for count in range(1, most + 1):
        image = product(vector) - length * before
        if advance is not None:
            advance(1)
        diagonal.append(float(vector @ image))
        image -= diagonal[-1] * vector
        length = float(torch.linalg.vector_norm(image))
        if not np.isfinite([diagonal[-1], length]).all():  # the loss overflows here
            return Eigenvalue(float("nan"), float("nan"), count, False)
        values, vectors = eigh_tridiagonal(np.array(diagonal), np.array(beside))
        value, residual = float(values[-1]), length * abs(float(vectors[-1, -1]))
        found = Eigenvalue(value, residual, count, residual <= tolerance * abs(value))
        if found.is_converged or count == len(start):
            break
        beside.append(length)
        before, vector = vector, image / length
    return found


def hessian_product(shares: Sequence[Share], weights: Weights) -> Product:
    """Products with the Hessian of the sum of `shares` at `weights`, by differentiating twice.

    Vectors are as `flattened` makes them of `weights`. Shares are added up one by one, so that memory does
    not grow with the documents.
    """

    def product(vector: Tensor) -> Tensor:
        direction = unflattened(vector, weights)
        total = torch.zeros_like(vector)
        for share in shares:
            leaves = {name: weight.detach().clone().requires_grad_() for name, weight in weights.items()}
            with _twice_differentiable():
                gradients = _gradients(share(leaves), leaves, create_graph=True)
                slope = torch.stack([(gradients[name] * direction[name]).sum() for name in leaves]).sum()
                total += flattened(_gradients(slope, leaves))
        return total

    return product


def loss_shares(method: Method, sample: Sample) -> list[Share]:
    """Each batch's share in the clean loss over all documents, by the method's own forward pass."""

    def share(batch: Batch, weights: Weights) -> Tensor:
        forward = functional_call(method, weights, (batch,))
        return classification_loss(forward.logits, batch.targets) * (len(batch.rows) / len(sample))

    return [partial(share, batch) for batch in sample.batches]


def mean_rises(axis: np.ndarray, slices: np.ndarray) -> list[dict[str, float | None]]:
    """How much the loss rises on average over random directions, both ways, at each distance of the axis.

    Args:
        axis: positions (G,), the middle one 0.
        slices: the loss along each of K directions, (K, G).

    Returns:
        For each of the G // 2 distances: radius, mean and std over directions (n - 1 in the denominator);
        None where the loss overflowed on one of them.
    """
    middle = len(axis) // 2
    rises = (slices[:, middle + 1 :] + slices[:, :middle][:, ::-1]) / 2 - slices[:, [middle]]  # (K, G // 2)
    found: list[dict[str, float | None]] = []
    for radius, there in zip(axis[middle + 1 :].tolist(), rises.T, strict=True):
        finite = bool(np.isfinite(there).all())
        mean, std = (float(there.mean()), float(there.std(ddof=1))) if finite else (None, None)
        found.append({"radius": radius, "mean": mean, "std": std})
    return found


def _gradients(value: Tensor, leaves: Weights, *, create_graph: bool = False) -> Weights:
    """The derivative of `value` by each leaf; zero where it does not depend on it."""
    found = torch.autograd.grad(
        value, list(leaves.values()), create_graph=create_graph, allow_unused=True, materialize_grads=True
    )
    return dict(zip(leaves, found, strict=True))


@contextmanager
def _twice_differentiable() -> Iterator[None]:
    """Fused attention and cuDNN's recurrent layers have no second derivative: plain ones take their place."""
    with sdpa_kernel(SDPBackend.MATH), torch.backends.cudnn.flags(enabled=False):
        yield
