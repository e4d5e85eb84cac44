"""The k best labels of each document, exactly: ties go to the lower label index."""

from __future__ import annotations

from typing import SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.metrics.blocks import map_blocks
from workbench.metrics.inputs import Floats, as_rank, as_scores, nan_error, refuse_nan

# Up to here k passes of argmax beat one partition, on 103 labels as on 4,271 (float32; one core and two).
ARGMAX_LIMIT = 16


def top_k(scores: ArrayLike, k: SupportsIndex) -> NDArray[np.int32]:
    """Label indices of each document's k highest scores, best first; of equals the lower index first.

    Infinite scores are ordinary: minus infinity comes last. `k` beyond the number of labels is capped.

    Shapes: scores (N, L) -> (N, min(k, L)).

    Raises:
        WorkbenchError: for k below 1, another number of dimensions, or a NaN (its row is named).
    """
    table = as_scores(scores)
    width = min(as_rank(k), table.shape[1])
    labels = np.empty((width, len(table)), dtype=np.int32).T

    def fill(start: int, stop: int) -> None:
        labels[start:stop] = top_k_block(table[start:stop], width, start)

    map_blocks(fill, *table.shape)
    return labels


def top_k_block(block: Floats, k: int, first_row: int) -> NDArray[np.int32]:
    """`top_k` of a few documents that fit in the cache; `first_row` is where they stand, for the error.

    Shapes: block (B, L) with k <= L -> (B, k).
    """
    if block.dtype == np.float16:  # numpy has no fast comparison of halves; widening is exact
        block = block.astype(np.float32)
    if k > ARGMAX_LIMIT:
        refuse_nan(block, first_row)
        return _by_partition(block, k)
    labels, worst = _by_argmax(block, k)
    _refuse_nan_winner(block, labels[:, 0], first_row)
    # A taken label is marked by minus infinity, which scores may hold themselves: such rows are done again.
    unsure = np.flatnonzero(np.isneginf(worst))
    if unsure.size:
        labels[unsure] = _by_partition(block[unsure], k)
    return labels


def _by_argmax(block: Floats, k: int) -> tuple[NDArray[np.int32], Floats]:
    """Take the highest label k times; argmax gives the first of equals, and a NaN before everything else.

    Shapes: block (B, L) -> labels (B, k) and the k-th highest score among those not yet taken (B,).
    """
    rest, rows = block.copy(), np.arange(len(block))
    labels = np.empty((k, len(block)), dtype=np.int32)
    for rank in range(k):
        if rank:
            rest[rows, labels[rank - 1]] = -np.inf
        labels[rank] = rest.argmax(axis=1)
    return labels.T, rest[rows, labels[-1]]


def _refuse_nan_winner(block: Floats, winners: NDArray[np.int32], first_row: int) -> None:
    """A NaN always wins the first argmax: looking at the winners is enough."""
    bad = np.flatnonzero(np.isnan(block[np.arange(len(block)), winners]))
    if bad.size:
        raise nan_error(first_row + int(bad[0]), int(winners[bad[0]]))


def _by_partition(block: Floats, k: int) -> NDArray[np.int32]:
    """Everything above the k-th highest score, then as many of its equals, from the left, as are missing."""
    boundary = np.partition(block, block.shape[1] - k, axis=1)[:, -k, None]
    above, equal = block > boundary, block == boundary
    missing = k - np.sum(above, axis=1, dtype=np.int32, keepdims=True)
    chosen = above | (equal & (np.cumsum(equal, axis=1, dtype=np.int32) <= missing))
    labels = np.nonzero(chosen)[1].reshape(len(block), k)
    order = np.argsort(-np.take_along_axis(block, labels, axis=1), axis=1, kind="stable")
    return np.take_along_axis(labels, order, axis=1).astype(np.int32)
