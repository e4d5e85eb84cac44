"""The gradient of t-SNE with every pair of points counted, for as many points as a page draws.

openTSNE approximates how points push each other away, by a tree or by a grid; both pay off only from some
ten thousand points on. Below that the plain sum over all pairs, compiled, is several times as fast.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Any

import numba
import numpy as np
from scipy.sparse import csr_matrix

# Where divisors are checked as Python does, loops stay scalar: seven times as slow.
_compiled = numba.njit(fastmath=True, error_model="numpy", nogil=True, cache=True)
_pool = cache(ThreadPoolExecutor)  # of this many threads: hundreds of gradients make one map


def exact_gradient(
    embedding: np.ndarray,
    P: csr_matrix,
    dof: float,
    should_eval_error: bool = False,
    n_jobs: int = 1,
    **others: Any,
) -> tuple[float, np.ndarray]:
    """The divergence of the map from affinities P and a quarter of its gradient, as openTSNE wants them.

    Source: "Visualizing Data using t-SNE" (van der Maaten & Hinton, 2008), Eq. 2 and 5. Forces are summed in
    single precision; `n_jobs` threads share the points, which changes no number. Shapes: embedding (N, 2),
    P (N, N), zero on its diagonal -> a number (NaN if not asked for) and (N, 2). `dof` has to be 1: the
    t-distribution with one degree of freedom.
    """
    assert dof == 1
    centred = embedding - embedding.mean(axis=0)
    x, y = (np.ascontiguousarray(centred[:, axis], dtype=np.float32) for axis in (0, 1))
    starts, neighbours = (places.astype(np.uint32) for places in (P.indptr, P.indices))  # twice as fast
    weights, repulsion, attraction = np.empty(len(x)), np.empty((2, len(x))), np.empty((2, len(x)))

    def forces(start: int, stop: int) -> None:
        _repel(x, y, start, stop, weights, repulsion)
        _attract(x, y, start, stop, starts, neighbours, P.data, attraction)

    edges = np.linspace(0, len(x), n_jobs + 1).astype(int).tolist()
    list(_pool(n_jobs).map(forces, edges[:-1], edges[1:]))
    normaliser = float(weights.sum())
    gradient = (attraction - repulsion / normaliser).T
    if not should_eval_error:
        return np.nan, gradient
    across, down = centred.T.copy()
    return _diverge(across, down, starts, neighbours, P.data, normaliser), gradient


@_compiled
def _repel(x: np.ndarray, y: np.ndarray, start: int, stop: int, total: np.ndarray, found: np.ndarray) -> None:
    for i in range(start, stop):
        weights, across, down = np.float32(0), np.float32(0), np.float32(0)
        for j in range(len(x)):
            right, up = x[i] - x[j], y[i] - y[j]
            weight = np.float32(1) / (np.float32(1) + right * right + up * up)
            weights += weight
            across += weight * weight * right
            down += weight * weight * up
        total[i] = weights - 1  # but for the point itself: an `if` above would keep it scalar
        found[0, i], found[1, i] = across, down


@_compiled
def _attract(
    x: np.ndarray,
    y: np.ndarray,
    start: int,
    stop: int,
    starts: np.ndarray,
    neighbours: np.ndarray,
    affinities: np.ndarray,
    found: np.ndarray,
) -> None:
    for i in range(start, stop):
        across, down = np.float32(0), np.float32(0)
        for place in range(starts[i], starts[i + 1]):
            right, up = x[i] - x[neighbours[place]], y[i] - y[neighbours[place]]
            force = np.float32(affinities[place]) / (np.float32(1) + right * right + up * up)
            across += force * right
            down += force * up
        found[0, i], found[1, i] = across, down


@_compiled
def _diverge(
    x: np.ndarray,
    y: np.ndarray,
    starts: np.ndarray,
    neighbours: np.ndarray,
    affinities: np.ndarray,
    normaliser: float,
) -> float:
    total = 0.0
    for i in range(len(x)):
        for place in range(starts[i], starts[i + 1]):
            right, up = x[i] - x[neighbours[place]], y[i] - y[neighbours[place]]
            if affinities[place] > 0:
                total += affinities[place] * np.log(affinities[place] * normaliser * (1 + right**2 + up**2))
    return total
