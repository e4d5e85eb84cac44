"""The gradient of t-SNE with every pair of points counted, for as many points as a page draws.

openTSNE approximates how points push each other away, by a tree or by a grid; both pay off only from some
ten thousand points on. Below that the plain sum over all pairs, compiled, is several times as fast.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np
from scipy.sparse import csr_matrix
from scipy.special import rel_entr

# Where divisors are checked as Python does, loops stay scalar: seven times as slow.
_compiled = numba.njit(fastmath=True, error_model="numpy", cache=True)


def exact_gradient(
    embedding: np.ndarray, P: csr_matrix, dof: float, should_eval_error: bool = False, **others: Any
) -> tuple[float, np.ndarray]:
    """The divergence of the map from affinities P and a quarter of its gradient, as openTSNE wants them.

    Source: "Visualizing Data using t-SNE" (van der Maaten & Hinton, 2008), Eq. 2 and 5. Forces are summed in
    single precision. Shapes: embedding (N, 2), P (N, N), zero on its diagonal -> a number (NaN if not asked
    for) and (N, 2). `dof` has to be 1: the t-distribution with one degree of freedom.
    """
    assert dof == 1
    centred = embedding - embedding.mean(axis=0)
    x, y = (np.ascontiguousarray(centred[:, axis], dtype=np.float32) for axis in (0, 1))
    repulsion, normaliser = _repulsion(x, y)
    attraction = _attraction(x, y, P.indptr, P.indices, P.data.astype(np.float32))
    gradient = attraction - repulsion / normaliser
    return _divergence(P, embedding, normaliser) if should_eval_error else np.nan, gradient


@_compiled
def _repulsion(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, float]:
    found, normaliser = np.empty((len(x), 2)), 0.0
    for i in range(len(x)):
        weights, across, down = np.float32(0), np.float32(0), np.float32(0)
        for j in range(len(x)):
            right, up = x[i] - x[j], y[i] - y[j]
            weight = np.float32(1) / (np.float32(1) + right * right + up * up)
            weights += weight
            across += weight * weight * right
            down += weight * weight * up
        normaliser += float(weights) - 1  # but for the point itself: an `if` above would keep it scalar
        found[i] = across, down
    return found, normaliser


@_compiled
def _attraction(
    x: np.ndarray, y: np.ndarray, starts: np.ndarray, neighbours: np.ndarray, affinities: np.ndarray
) -> np.ndarray:
    found = np.empty((len(x), 2))
    for i in range(len(x)):
        across, down = np.float32(0), np.float32(0)
        for place in range(starts[i], starts[i + 1]):
            right, up = x[i] - x[neighbours[place]], y[i] - y[neighbours[place]]
            force = affinities[place] / (np.float32(1) + right * right + up * up)
            across += force * right
            down += force * up
        found[i] = across, down
    return found


def _divergence(P: csr_matrix, embedding: np.ndarray, normaliser: float) -> float:
    pairs = P.tocoo()
    away = ((embedding[pairs.row] - embedding[pairs.col]) ** 2).sum(axis=1)
    return float(rel_entr(pairs.data, 1 / (1 + away) / normaliser).sum())
