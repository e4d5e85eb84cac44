"""The table of predictions: the best labels of each test document beside its gold labels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from scipy import sparse

_CELLS_AT_ONCE = 4_000_000


def prediction_table(
    ids: Sequence[str], scores: np.ndarray, targets: sparse.csr_array, top_k: int
) -> pa.Table:
    """One row a document: `id`, `top_labels` and `top_scores` (best first), `gold_labels` (ascending).

    Labels are columns of `scores` (N, L); equal scores are ordered by label index, as in every metric.
    """
    top = best_labels(scores, top_k)
    best = np.take_along_axis(scores, top, axis=1)
    gold = targets.sorted_indices()
    return pa.table(
        {
            "id": pa.array([str(name) for name in ids], pa.string()),
            "top_labels": _lists(top.astype(np.int32)),
            "top_scores": _lists(best.astype(np.float32)),
            "gold_labels": pa.ListArray.from_arrays(
                gold.indptr.astype(np.int32), gold.indices.astype(np.int32)
            ),
        }
    )


def best_labels(scores: np.ndarray, top_k: int) -> np.ndarray:
    """Indices (N, min(top_k, L)) of the highest scores of each row, best first, ties by the lower index."""
    documents, labels = scores.shape
    best = np.empty((documents, min(top_k, labels)), dtype=np.int64)
    for rows in _row_blocks(documents, labels):
        best[rows] = np.argsort(-scores[rows], axis=1, kind="stable")[:, : best.shape[1]]
    return best


def _row_blocks(rows: int, columns: int) -> Iterator[slice]:
    step = max(1, _CELLS_AT_ONCE // max(1, columns))
    return (slice(start, start + step) for start in range(0, rows, step))


def _lists(values: np.ndarray) -> pa.ListArray:
    rows, width = values.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    return pa.ListArray.from_arrays(offsets, values.ravel())
