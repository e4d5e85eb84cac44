"""A label and all others: how often they are related, weakly related or contradicting on its documents.

Source: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity
Information", Eq. 9-10 and Table 1. A is the label that is looked at (matching label A), B any other one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.metrics.dependency import count_pairs
from workbench.metrics.label_relations import RelationReading, frequent_pairs

CLASSES = ("related", "weak", "contradicting")
"""Of a pair of labels on a document with the first: Y+, Y* and Y- of Table 1."""


@dataclass(frozen=True, eq=False)
class Relations:
    """What training documents say of pairs of labels.

    Attributes:
        targets: csr_array (N, L) of 0/1, the documents.
        counts: (L,) int64, documents of each label.
        together: csr_array (L, L) int32, M of Eq. 9 without its diagonal.
        frequent: csr_array (L, L) bool, row A and column B: M_AB is above A's average.
    """

    targets: sparse.csr_array
    counts: NDArray[np.int64]
    together: sparse.csr_array
    frequent: sparse.csr_array

    def average(self, label: int) -> float:
        """How many documents A shares with another label on average (Eq. 10); 0 for a single label."""
        return float(self.together[[label]].sum()) / max(len(self.counts) - 1, 1)


def relations(targets: sparse.csr_array) -> Relations:
    """Count targets (N, L) of 0/1."""
    rows = sparse.csr_array(targets)
    counts, together = count_pairs(rows)
    return Relations(rows, counts, together, frequent_pairs(together))


def relation_table(
    found: Relations, label: int, names: Sequence[str], reading: RelationReading = "default"
) -> pd.DataFrame:
    """One row for each other label B, ordered by how often it comes with A, by frequency, then by index.

    Columns: label (name of B), documents (of B), together (M_AB), frequent (whether that is above A's
    average), and on how many of A's documents B is related, weak and contradicting: these three add up to
    A's documents.

    Args:
        found: as `relations` counts it.
        label: index of A.
        names: (L,) names of labels.
        reading: of Table 1, see `metrics.constraint_sets`.
    """
    own = found.targets[found.targets[:, [label]].nonzero()[0]]
    together, frequent = (table[[label]].toarray().reshape(-1) for table in (found.together, found.frequent))
    weak = _weak(own, found.frequent, label, reading).sum(axis=0)
    documents = int(found.counts[label])
    table = pd.DataFrame(
        {
            "index": np.arange(len(names)),
            "label": list(names),
            "documents": found.counts,
            "together": together,
            "frequent": frequent,
            "related": together,
            "weak": np.asarray(weak, dtype=np.int64).reshape(-1),
        }
    )
    table["contradicting"] = documents - table["related"] - table["weak"]
    order = ["together", "documents", "index"]
    table = table[table["index"] != label].sort_values(order, ascending=[False, False, True])
    return table.drop(columns="index").reset_index(drop=True)


def document_sets(
    found: Relations, row: int, label: int, reading: RelationReading = "default"
) -> dict[str, NDArray[np.intp]]:
    """The labels of each of `CLASSES` on document `row`, which has `label`: those nearest to it first."""
    own = found.targets[[row]]
    weak = _weak(own, found.frequent, label, reading).toarray().reshape(-1).astype(bool)
    related = own.toarray().reshape(-1).astype(bool)
    order = np.argsort(-found.together[[label]].toarray().reshape(-1), kind="stable")
    order = order[order != label]
    classes = zip(CLASSES, (related, weak, ~related & ~weak), strict=True)
    return {kind: order[mask[order]] for kind, mask in classes}


def class_shares(found: Relations, reading: RelationReading = "default") -> dict[str, float]:
    """How probable each of `CLASSES` is when A is any label of a document and B any other, drawn at random.

    Documents are equally probable; those without labels are left out. NaN when there is no pair.
    """
    sizes = np.asarray(found.targets.sum(axis=1, dtype=np.int64)).reshape(-1)
    rows, others = found.targets[np.flatnonzero(sizes)], len(found.counts) - 1
    if rows.shape[0] == 0 or others == 0:
        return dict.fromkeys(CLASSES, float("nan"))
    own = sizes[sizes > 0]
    if reading == "default":
        weak = np.asarray(_lacking(rows, _near(rows, found.frequent)).sum(axis=1), dtype=np.float64)
    else:
        partners = np.asarray(found.frequent.sum(axis=1), dtype=np.int64).reshape(-1)
        of_own = (rows.astype(np.int32) @ found.frequent.astype(np.int32)).multiply(rows).sum(axis=1)
        weak = (rows @ partners - np.asarray(of_own).reshape(-1)) / own
    related, weakly = (own - 1).mean() / others, weak.reshape(-1).mean() / others
    return {"related": related, "weak": weakly, "contradicting": 1 - related - weakly}


def _weak(
    own: sparse.csr_array, frequent: sparse.csr_array, label: int, reading: RelationReading
) -> sparse.csr_array:
    """Y* of documents (n, L) that have the label: csr_array (n, L) of 0/1."""
    if reading == "default":
        return _lacking(own, _near(own, frequent))
    every = sparse.csr_array(np.ones((own.shape[0], 1), np.int32))
    return _lacking(own, sparse.csr_array(every @ frequent[[label]].astype(np.int32)))


def _near(own: sparse.csr_array, frequent: sparse.csr_array) -> sparse.csr_array:
    """The labels that are frequent beside any label of each document: csr_array (n, L) of 0/1."""
    return sparse.csr_array((own.astype(np.int32) @ frequent.astype(np.int32)).astype(bool)).astype(np.int32)


def _lacking(own: sparse.csr_array, labels: sparse.csr_array) -> sparse.csr_array:
    return sparse.csr_array(labels - labels.multiply(own))
