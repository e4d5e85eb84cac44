"""Vectors of labels and targets to compare them by, made up."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy import sparse

from workbench.analysis.cooccurrence import Cooccurrence, cooccurrence

TARGETS = [[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, 0]]
"""Labels 0 and 1 share two of three documents, 0 and 2 one of four; label 3 is never seen."""


def found(rows: Any = TARGETS) -> Cooccurrence:
    """Counted from targets (N, L)."""
    return cooccurrence(sparse.csr_array(np.array(rows, dtype=np.uint8)))


def unit(rows: Any) -> np.ndarray:
    """Rows at length one; zeros stay."""
    rows = np.asarray(rows, dtype=np.float64)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths, lengths, 1)


def many(labels: int = 9, documents: int = 60, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of labels at length one, and targets."""
    generator = np.random.default_rng(seed)
    targets = (generator.random((documents, labels)) < 0.3).astype(np.uint8)
    return unit(generator.normal(size=(labels, 4))), targets
