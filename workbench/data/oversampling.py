"""Rare labels, and repeating whole documents of theirs: the usual augmentation, which feeds others, too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def is_tail(train_counts: NDArray[np.integer], threshold: int) -> NDArray[np.bool_]:
    """Which labels are tail labels (L,): fewer than `threshold` training documents, but one at least."""
    found: NDArray[np.bool_] = (train_counts > 0) & (train_counts < threshold)
    return found


def oversampled_rows(
    targets: sparse.csr_array, labels: NDArray[np.integer], times: int, seed: int
) -> NDArray[np.int64]:
    """All rows of `targets` (N, L) once, then `times` documents of each of `labels`, drawn with replacement.

    Labels without documents add nothing. Source: the sample-level augmentation of "Label-Specific Feature
    Augmentation for Long-Tailed Multi-Label Text Classification", Figure 1.
    """
    columns = targets.tocsc()
    generator = np.random.default_rng(seed)
    drawn = [np.arange(targets.shape[0], dtype=np.int64)]
    for label in labels:
        documents = columns.indices[columns.indptr[label] : columns.indptr[label + 1]]
        if len(documents):
            drawn.append(generator.choice(documents, size=times).astype(np.int64))
    return np.concatenate(drawn)
