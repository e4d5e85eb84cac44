"""Which labels are related to a document's own, weakly or not at all: the constraint sets of CL-MIL.

Source: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity
Information", Eq. 9-10 and Table 1.
"""

from __future__ import annotations

import operator
from typing import Any, Literal, NamedTuple, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics.dependency import count_pairs, label_rows

Counts = NDArray[np.int32]
Mask = NDArray[np.bool_]
RelationReading = Literal["default", "anchor"]


class ConstraintSets(NamedTuple):
    """The labels other than the anchor, each in one of three masks of shape (L,) (Table 1).

    Attributes:
        related: Y+, the document's other labels.
        weak: Y*, labels it does not have that often come with one of its own.
        contradicting: Y-, all further labels.
    """

    related: Mask
    weak: Mask
    contradicting: Mask


def label_relations(targets: Any) -> Counts:
    """M of Eq. 9: how many documents have both labels, with zeros on the diagonal.

    Shapes: targets (N, L) of 0 and 1, dense or sparse -> (L, L) int32, symmetric; 4,000 labels take 64 MB.

    Raises:
        WorkbenchError: for values other than 0 and 1.
    """
    return count_pairs(label_rows(targets, "targets"))[1].toarray()


def mean_relations(counts: ArrayLike) -> NDArray[np.float64]:
    """The mean of each row of M without its diagonal (Eq. 10); 0 for a single label.

    Shapes: (L, L) -> (L,).

    Raises:
        WorkbenchError: for counts that are no square table.
    """
    table = _square(counts)
    return _others(table).sum(axis=1) / max(len(table) - 1, 1)


def frequent_partners(counts: ArrayLike) -> Mask:
    """Row a, column b: whether b comes with a more often than a's other labels do on average.

    Labels at the average belong to the low-frequency ones, as those below it do; a label is not its own
    partner.

    Shapes: (L, L) -> (L, L) bool, not symmetric.

    Raises:
        WorkbenchError: for counts that are no square table.
    """
    return frequent_pairs(sparse.csr_array(_others(_square(counts)))).toarray()


def frequent_pairs(together: sparse.csr_array) -> sparse.csr_array:
    """`frequent_partners` of counts that are sparse, with an empty diagonal as `count_pairs` gives them.

    Shapes: csr_array (L, L) -> csr_array (L, L) bool; nothing dense of that size is made.
    """
    pairs = sparse.coo_array(together)
    sums = np.asarray(together.sum(axis=1, dtype=np.int64)).reshape(-1)
    frequent = pairs.data.astype(np.int64) * max(len(sums) - 1, 1) > sums[pairs.row]
    held = np.ones(int(frequent.sum()), dtype=bool)
    return sparse.csr_array((held, (pairs.row[frequent], pairs.col[frequent])), shape=pairs.shape)


def constraint_sets(
    counts: ArrayLike, positives: ArrayLike, anchor: SupportsIndex, reading: RelationReading = "default"
) -> ConstraintSets:
    """The three sets of Table 1 for one document and its label `anchor` (the paper's matching label A).

    A label that the document lacks is weakly related when it is a frequent partner: of any of the document's
    labels (`default`, the quantifiers as Table 1 prints them), or of the anchor (`anchor`, as the text around
    it says).

    Shapes: counts (L, L) as `label_relations` gives them, positives (L,) of 0 and 1 -> three (L,) bool.

    Raises:
        WorkbenchError: for shapes that do not fit, an anchor that is no label of the document, or an unknown
            reading.
    """
    frequent, own = frequent_partners(counts), np.asarray(positives).astype(bool)
    if own.shape != (len(frequent),):
        raise WorkbenchError(f"positives have shape {own.shape}; expected ({len(frequent)},), one a label.")
    chosen = operator.index(anchor)
    if not (0 <= chosen < len(own) and own[chosen]):
        raise WorkbenchError(
            f"The anchor {chosen} is no label of the document, which has {np.flatnonzero(own).tolist()}."
        )
    if reading not in ("default", "anchor"):
        raise WorkbenchError(f"Unknown reading {reading!r} of Table 1; there are default and anchor.")
    near = frequent[own].any(axis=0) if reading == "default" else frequent[chosen]
    related = own.copy()
    related[chosen] = False
    return ConstraintSets(related, ~own & near, ~own & ~near)


def _square(counts: ArrayLike) -> NDArray[np.int64]:
    table = np.asarray(counts, dtype=np.int64)
    if table.ndim != 2 or table.shape[0] != table.shape[1]:
        raise WorkbenchError(f"counts have shape {table.shape}; expected (labels, labels).")
    return table


def _others(table: NDArray[np.int64]) -> NDArray[np.int64]:
    return table * ~np.eye(len(table), dtype=bool)
