"""Which labels stand on the same documents: counts, conditional probability and pointwise mutual information.

For labels a and b on n_a, n_b and together n_ab of N documents:

    p(b | a)  = n_ab / n_a
    PMI(a, b) = log2(n_ab / e_ab)   in bits, where e_ab = n_a n_b / N documents would hold both by chance

PMI is 0 for labels that come together as often as chance would have it, 1 for twice as often. It is minus
infinity for labels that are seen and never together, and undefined (NaN) where one of them is never seen.
Source: Church & Hanks, "Word association norms, mutual information, and lexicography" (1990).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics.dependency import count_pairs

Groups = Sequence[NDArray[np.intp]]
"""Rows or columns of a picture, each a set of label indices: single labels, or blocks of them."""


@dataclass(frozen=True)
class Cooccurrence:
    """How often labels and pairs of labels occur; nothing dense of the size (L, L).

    Attributes:
        documents: N, also those without labels.
        counts: (L,) int64, documents of each label.
        together: csr_array (L, L) int32, symmetric with an empty diagonal: documents that hold both labels.
    """

    documents: int
    counts: NDArray[np.int64]
    together: sparse.csr_array

    @property
    def seen(self) -> NDArray[np.intp]:
        """Indices of the labels that some document has, in the order of the label set."""
        return np.flatnonzero(self.counts)


def cooccurrence(targets: sparse.csr_array) -> Cooccurrence:
    """Count labels and pairs of labels in targets (N, L) of 0/1, N may be 0.

    Raises:
        WorkbenchError: for values other than 0 and 1, which would count a document more than once.
    """
    indicator = sparse.csr_array(targets).astype(np.int32)
    if not np.isin(indicator.data, (0, 1)).all():
        raise WorkbenchError("Label pairs are counted from targets of 0 and 1; there are other values.")
    counts, together = count_pairs(indicator)
    return Cooccurrence(indicator.shape[0], counts, together)


def conditional_probability(together: np.ndarray, given: np.ndarray) -> np.ndarray:
    """The share together / given, of any equal shapes; NaN where nothing is given."""
    together, given = np.broadcast_arrays(np.asarray(together, np.float64), given)
    return np.divide(together, given, out=np.full(together.shape, np.nan), where=given > 0)


def pmi(together: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """log2(together / expected) in bits, of any equal shapes.

    Minus infinity where `together` is 0 and `expected` is not; NaN where nothing is expected.
    """
    ratio = conditional_probability(together, expected)
    values = np.full(ratio.shape, -np.inf)
    np.log2(ratio, out=values, where=ratio > 0)
    values[np.isnan(ratio)] = np.nan
    return values


def pair_cells(found: Cooccurrence, rows: Groups, columns: Groups) -> dict[str, np.ndarray]:
    """The cells of a picture whose R rows and C columns are groups of labels, each an array (R, C).

    For single labels these are n_ab, e_ab, p(column | row) and PMI. For blocks A and B of labels, over all
    pairs of two different labels a in A, b in B:

    Returns:
        documents: int64, the sum of n_ab; a document counts once for each such pair that it holds.
        expected: float32, the sum of e_ab.
        probability: float32, documents over the sum of n_a: how many labels of B stand beside a label of A.
        pmi: float32, log2(documents / expected).
        All but documents are NaN where a row and a column hold the same one label, or labels never seen.
    """
    labels = len(found.counts)
    in_row, in_column = membership(rows, labels), membership(columns, labels)
    documents = (in_row @ found.together.astype(np.int64) @ in_column.T).toarray()
    of_row, of_column = in_row @ found.counts, in_column @ found.counts
    with_itself = (in_row.multiply(found.counts**2) @ in_column.T).toarray()
    expected = (np.outer(of_row, of_column) - with_itself) / max(1, found.documents)
    probability = conditional_probability(documents, of_row[:, None])
    probability[expected == 0] = np.nan
    return {
        "documents": documents,
        "expected": np.where(expected == 0, np.nan, expected).astype(np.float32),
        "probability": probability.astype(np.float32),
        "pmi": pmi(documents, expected).astype(np.float32),
    }


def membership(groups: Groups, labels: int) -> sparse.csr_array:
    """Which of so many labels each group has, (groups, labels) int64 of 0/1."""
    members = np.concatenate([np.zeros(0, np.intp), *groups])
    ends = np.cumsum([0, *(len(group) for group in groups)])
    ones = np.ones(len(members), np.int64)
    return sparse.csr_array((ones, members, ends), shape=(len(groups), labels))


def partner_table(found: Cooccurrence, label: int, names: Sequence[str]) -> pd.DataFrame:
    """The labels that stand beside `label`, those with the most documents in common first, then by index.

    Columns: partner (name), documents (of the partner), together (documents with both), expected (by chance),
    p_partner_given_label, p_label_given_partner, pmi (bits).
    """
    row = found.together[[label]]
    order = np.lexsort((row.indices, -row.data))
    partners, together = row.indices[order], row.data[order].astype(np.int64)
    of_partner, of_label = found.counts[partners], np.full(len(partners), found.counts[label])
    expected = of_label * of_partner / max(1, found.documents)
    return pd.DataFrame(
        {
            "partner": np.array(names, dtype=object)[partners],
            "documents": of_partner,
            "together": together,
            "expected": expected,
            "p_partner_given_label": conditional_probability(together, of_label),
            "p_label_given_partner": conditional_probability(together, of_partner),
            "pmi": pmi(together, expected),
        }
    )


def pair_table(found: Cooccurrence, names: Sequence[str]) -> pd.DataFrame:
    """One row a pair of labels that some document holds together, the most frequent pair first.

    Columns: label_a, label_b (names; a stands before b in the label set), documents_a, documents_b, together,
    expected (by chance), p_b_given_a, p_a_given_b, pmi (bits).
    """
    upper = sparse.coo_array(sparse.triu(found.together, k=1))
    order = np.lexsort((upper.col, upper.row, -upper.data))
    a, b, together = upper.row[order], upper.col[order], upper.data[order].astype(np.int64)
    of_a, of_b = found.counts[a], found.counts[b]
    expected = of_a * of_b / max(1, found.documents)
    named = np.array(names, dtype=object)
    return pd.DataFrame(
        {
            "label_a": named[a],
            "label_b": named[b],
            "documents_a": of_a,
            "documents_b": of_b,
            "together": together,
            "expected": expected,
            "p_b_given_a": conditional_probability(together, of_a),
            "p_a_given_b": conditional_probability(together, of_b),
            "pmi": pmi(together, expected),
        }
    )
