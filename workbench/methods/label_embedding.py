"""Vectors of labels from which labels training documents have together.

What DeepWalk ("DeepWalk: Online Learning of Social Representations", 2014) learns by sampling random walks on
the graph of labels is taken here from the walks' expected counts: which two labels are met within a window
of steps, as "Network Embedding as Matrix Factorization: Unifying DeepWalk, LINE, PTE, and node2vec" (2018)
shows. Their PMI, what is below zero cut off, is factorized. That has no learning rate, no epochs and no
walks to choose, and gives the same vectors each time.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.data.counted_vectors import factorized
from workbench.errors import WorkbenchError
from workbench.memory import free_main_memory
from workbench.metrics.dependency import count_pairs, label_rows

_BYTES_PER_CELL = 3 * 16
"""Of a sparse matrix of counts: its number and place, while three of them are there."""

_LEAST = 1e-6
"""Length below which a label's vector says nothing."""


def label_vectors(targets: sparse.csr_array, dimensions: int, window: int, seed: int) -> NDArray[np.float32]:
    """Vectors of unit length (L, d) from targets (N, L) of 0 and 1.

    A label that is never beside another, or only as often as by chance, gets a random direction.

    Raises:
        WorkbenchError: when the memory has no room for the walks' counts.
    """
    _, together = count_pairs(label_rows(targets, "targets"))
    found = factorized(walk_counts(together.astype(np.float64), window), dimensions)
    vectors = np.random.default_rng(seed).normal(size=(targets.shape[1], dimensions)).astype(np.float32)
    is_known = np.linalg.norm(found, axis=1) > _LEAST
    vectors[is_known] = 0.0
    vectors[is_known, : found.shape[1]] = found[is_known]
    unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def walk_counts(edges: sparse.csr_array, window: int) -> sparse.csr_array:
    """How often random walks meet two labels at most `window` steps apart: the sum of D P^r for r = 1 to it.

    P = D^(-1) A is a step of the walk, D the row sums of A, in whose proportion walks are at a label.
    Shapes: edges A (L, L), symmetric -> (L, L), symmetric.

    Raises:
        WorkbenchError: when the memory has no room.
    """
    degrees = np.asarray(edges.sum(axis=1)).ravel()
    step = sparse.diags_array(1 / np.where(degrees > 0, degrees, 1)) @ edges
    power, total = edges, edges
    for _ in range(window - 1):
        _require_room(power, step, window)
        power = sparse.csr_array(power @ step)
        total = total + power
    return sparse.csr_array(total)


def _require_room(power: sparse.csr_array, step: sparse.csr_array, window: int) -> None:
    reached = int(np.diff(step.tocsr().indptr)[power.indices].sum())  # cells of the product, at most
    needed = _BYTES_PER_CELL * min(reached, power.shape[0] * power.shape[1])
    free = free_main_memory()
    if needed > free:
        raise WorkbenchError(
            f"Walks of {window} steps between {power.shape[0]:,} labels need up to {needed / 1e9:.1f} GB for "
            f"their counts, and {free / 1e9:.1f} GB are free. Take shorter ones (--set window=1), or keep "
            "fewer labels."
        )
