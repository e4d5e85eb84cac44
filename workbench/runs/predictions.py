"""The table of predictions: the best labels of each test document beside its gold labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from scipy import sparse


PREDICTED = "predicted_labels"
"""The column of sets, of methods that say them; the sets of others are what reaches the threshold."""


def prediction_table(
    ids: Sequence[str],
    scores: np.ndarray,
    targets: sparse.csr_array,
    top_k: int,
    predicted: np.ndarray | None = None,
) -> pa.Table:
    """One row a document: `id`, `top_labels` and `top_scores` (best first), `gold_labels` (ascending).

    With `predicted` (N, L) of 0 and 1 also `predicted_labels` (ascending).

    Labels are columns of `scores` (N, L); equal scores are ordered by label index, as in every metric.

    Raises:
        WorkbenchError: for a NaN among the scores.
    """
    from workbench.metrics import top_k as best_of  # brings scipy, which whoever only reads runs can spare

    top = best_of(scores, top_k) if len(scores) else np.empty((0, min(top_k, scores.shape[1])), np.int32)
    best = np.take_along_axis(scores, top, axis=1)
    gold = targets.sorted_indices()
    columns = {
        "id": pa.array([str(name) for name in ids], pa.string()),
        "top_labels": _lists(top.astype(np.int32)),
        "top_scores": _lists(best.astype(np.float32)),
        "gold_labels": pa.ListArray.from_arrays(gold.indptr.astype(np.int32), gold.indices.astype(np.int32)),
    }
    if predicted is not None:
        rows, labels = np.nonzero(predicted)
        starts = np.searchsorted(rows, np.arange(len(predicted) + 1))
        columns[PREDICTED] = pa.ListArray.from_arrays(starts.astype(np.int32), labels.astype(np.int32))
    return pa.table(columns)


def _lists(values: np.ndarray) -> pa.ListArray:
    rows, width = values.shape
    offsets = np.arange(rows + 1, dtype=np.int32) * width
    return pa.ListArray.from_arrays(offsets, values.ravel())
