"""Rare labels, and repeating whole documents of theirs: the usual augmentation, which feeds others, too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.memory import free_main_memory

_BYTES_PER_ROW = 40
"""Of the row itself while rows are joined, then of its length and its place in an epoch and a batch."""


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

    Raises:
        WorkbenchError: when the memory has no room for as many rows.
    """
    columns = targets.tocsc()
    check_repetitions(targets.shape[0], int(np.count_nonzero(np.diff(columns.indptr)[labels])), times)
    generator = np.random.default_rng(seed)
    drawn = [np.arange(targets.shape[0], dtype=np.int64)]
    for label in labels:
        documents = columns.indices[columns.indptr[label] : columns.indptr[label + 1]]
        if len(documents):
            drawn.append(generator.choice(documents, size=times).astype(np.int64))
    return np.concatenate(drawn)


def check_repetitions(documents: int, labels: int, times: int) -> None:
    """Raise WorkbenchError when memory has no room for `documents` and `times` more of each of `labels`."""
    rows = documents + labels * times
    needed, free = rows * _BYTES_PER_ROW, free_main_memory()
    if needed > free:
        most = max(1, int((free / 2 / _BYTES_PER_ROW - documents) / max(1, labels)))
        raise WorkbenchError(
            f"augment_times={times} for {labels:,} tail labels repeats {labels * times:,} documents: with "
            f"the {documents:,} that there are, the list of them needs {needed / 1e9:.1f} GB, and "
            f"{free / 1e9:.1f} GB are free. Repeat fewer: --set augment_times={most}"
        )
