"""Head, mid and tail: groups of labels by how often training shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics.indicator import Indicator, as_indicator

# The least number of training documents of a label in each group; "unseen" labels have none.
HEAD_AT_LEAST = 100
MID_AT_LEAST = 20
GROUP_NAMES = ("head", "mid", "tail", "unseen")


@dataclass(frozen=True)
class TrainCounts:
    """What metrics need of a training split that is not at hand: documents per label (L,) and in all."""

    counts: NDArray[np.int64]
    documents: int

    @classmethod
    def of(cls, train: Any) -> TrainCounts:
        """Counted from targets (N, L), or what is given already."""
        if isinstance(train, TrainCounts):
            return cls(label_counts(np.asarray(train.counts)), train.documents)
        indicator = as_indicator(train, "train_targets")
        return cls(indicator.label_counts(), indicator.shape[0])


def label_counts(train: Any) -> NDArray[np.int64]:
    """Training documents of each label, (L,): counted from (N, L) targets, or given as (L,) counts already.

    Raises:
        WorkbenchError: for counts that are negative or not whole numbers, or targets other than 0 and 1.
    """
    if sparse.issparse(train) or isinstance(train, Indicator) or np.ndim(train) != 1:
        return as_indicator(train, "train_targets").label_counts()
    counts = np.asarray(train)
    if counts.dtype.kind not in "iu" or (counts < 0).any():
        raise WorkbenchError("Training counts must be whole numbers of at least 0, one for each label.")
    return counts.astype(np.int64)


def frequency_groups(
    train: Any, *, head: int = HEAD_AT_LEAST, mid: int = MID_AT_LEAST
) -> dict[str, NDArray[np.intp]]:
    """Label indices of each group by number of training documents; a group may be empty.

    Head has at least `head` of them, mid at least `mid`, tail at least one, unseen none.

    The field has no one definition: set the bounds to a paper's when its numbers stand beside yours (SEP-MLDC
    calls labels with fewer than 50 training documents tail, LSFA fewer than 50, 500 or 1,000 by corpus).

    Shapes: train (N, L) targets, dense or sparse, or (L,) counts -> group name to indices, most frequent
    group first.

    Raises:
        WorkbenchError: unless 1 <= mid <= head.
    """
    if not 1 <= mid <= head:
        raise WorkbenchError(f"Group bounds head={head}, mid={mid}; expected 1 <= mid <= head.")
    counts = label_counts(train)
    group = np.searchsorted([1, mid, head], counts, side="right")  # 0 unseen, 1 tail, 2 mid, 3 head
    return {name: np.flatnonzero(group == 3 - place) for place, name in enumerate(GROUP_NAMES)}
