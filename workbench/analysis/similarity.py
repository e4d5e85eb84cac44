"""Which labels, and which documents, lie in one direction, beside how much they have in common.

Paper: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification", Section 4.6,
Figures 2 and 3. Vectors are scaled to length one, so that inner products are cosines. What they should follow
is the similarity of Eq. 5-8, for labels i and j with n_i and n_j training documents, and n_ij with both,

    n_ij / (n_i + n_j - n_ij),

and that of Eq. 10-13, the same for documents with n_i and n_j labels and n_ij in common: Jaccard indices of
sets. Labels that no training document has, documents without labels and vectors of zeros have no such number
and take no part.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.cooccurrence import (
    Cooccurrence,
    Groups,
    conditional_probability,
    cooccurrence,
    membership,
    pair_cells,
)
from workbench.analysis.documents import EMBEDDINGS, Documents
from workbench.analysis.geometry import directions
from workbench.analysis.label_clusters import clustered_order
from workbench.analysis.predicted_sets import label_matrix
from workbench.analysis.projection import to_unit_length
from workbench.analysis.stage_vectors import drawn_rows
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus

LABEL_EMBEDDINGS = "label_embeddings"
LABELS_AT_MOST, DOCUMENTS_AT_MOST = 2_000, 1_000
"""Of which all pairs are compared; of more, so many are drawn with seed 0."""
TRAINING, TEST = "training", "test"
"""The documents whose labels are counted."""


@dataclass(frozen=True)
class Alike:
    """All pairs of K labels or documents.

    Attributes:
        places: (K,) which of all labels, or of the documents given, they are.
        sizes: (K,) documents of each label, or labels of each document; none is 0.
        products: (K, K) float32, inner products of vectors of length one.
        shared: (K, K) int32, documents with both labels, or labels of both documents.
        jaccard: (K, K) float32 in [0, 1], Eq. 5-8 or 10-13.
    """

    places: NDArray[np.intp]
    sizes: NDArray[np.int64]
    products: NDArray[np.float32]
    shared: NDArray[np.int32]
    jaccard: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.places)

    @cached_property
    def pairs(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Both sides (P,) of each pair of two different ones, P = K (K - 1) / 2."""
        return np.triu_indices(len(self), k=1)

    def at(self, chosen: NDArray[np.intp]) -> Alike:
        """Those at these positions among the K, in that order."""
        both = np.ix_(chosen, chosen)
        return Alike(
            self.places[chosen],
            self.sizes[chosen],
            self.products[both],
            self.shared[both],
            self.jaccard[both],
        )


def label_directions(run: Run) -> NDArray[np.float64]:
    """The vectors of a run's labels at length one, (L, H); zeros stay zeros.

    Raises:
        WorkbenchError: when they are missing, damaged, not one a label, or not finite.
    """
    vectors = run.array(LABEL_EMBEDDINGS)
    if vectors.ndim != 2 or len(vectors) != len(run.labels) or 0 in vectors.shape:
        raise WorkbenchError(
            f"Run {run.name!r} has label vectors of shape {vectors.shape} for {len(run.labels)} labels: they "
            "do not fit together. Train it again, or remove it with `workbench runs rm`."
        )
    if not np.isfinite(vectors).all():
        raise WorkbenchError(
            f"The label vectors of run {run.name!r} hold NaN or infinity: the run diverged. Train it again "
            "with a lower learning rate."
        )
    return to_unit_length(vectors.astype(np.float64))


def counted_labels(run: Run, trained: Callable[[], Corpus]) -> tuple[Cooccurrence, str]:
    """How often labels and pairs of them come, and in which documents: `TRAINING` or `TEST`.

    Those of training, but generated ones, are in the corpus that `trained` opens; where it is gone or has
    changed, the gold labels of test documents are counted, which every finished run has.

    Raises:
        WorkbenchError: when these cannot be read either.
    """
    try:
        return cooccurrence(trained().train.real_targets), TRAINING
    except WorkbenchError:
        lists = run.predictions["gold_labels"].to_numpy()
        return cooccurrence(label_matrix(lists, len(run.labels))), TEST


def label_similarity(
    unit: NDArray[np.float64], found: Cooccurrence, labels: NDArray[np.intp] | None = None
) -> Alike:
    """Pairs of those of `labels` that some document has and that have a direction; by default drawn ones.

    Shapes: unit (L, H), of length one or zero; `found` counts the training documents of the same L labels.
    """
    usable = np.flatnonzero((found.counts > 0) & unit.any(axis=1))
    kept = drawn_rows(usable, LABELS_AT_MOST) if labels is None else labels[np.isin(labels, usable)]
    together = found.together[kept][:, kept].toarray().astype(np.int32)
    np.fill_diagonal(together, found.counts[kept])
    return _alike(kept, found.counts[kept], unit[kept], together)


def document_similarity(
    vectors: np.ndarray, gold: sparse.csr_array, rows: NDArray[np.intp] | None = None
) -> Alike:
    """Pairs of documents, of those at `rows` (drawn by default) that have a label and a direction.

    Shapes: vectors (N, H), gold (N, L) of 0 and 1.

    Raises:
        WorkbenchError: for vectors that are not finite.
    """
    sizes = np.asarray(gold.sum(axis=1, dtype=np.int64)).reshape(-1)
    unit, places = directions(vectors)
    usable = places[sizes[places] > 0]
    kept = drawn_rows(usable, DOCUMENTS_AT_MOST) if rows is None else rows[np.isin(rows, usable)]
    some = gold[kept].astype(np.int32)
    return _alike(kept, sizes[kept], unit[np.searchsorted(places, kept)], (some @ some.T).toarray())


def read_document_similarity(run: Run, documents: Documents) -> Alike:
    """Pairs of the test documents whose vectors a run kept, at most `DOCUMENTS_AT_MOST` drawn ones."""
    return document_similarity(run.array(EMBEDDINGS), documents.gold)


def _alike(
    places: NDArray[np.intp], sizes: NDArray[np.int64], unit: NDArray[np.float64], shared: NDArray[np.int32]
) -> Alike:
    jaccard = conditional_probability(shared, sizes[:, None] + sizes[None, :] - shared)
    products = np.clip(unit @ unit.T, -1, 1)  # rounding goes a little beyond
    return Alike(
        places, sizes, products.astype(np.float32), shared.astype(np.int32), jaccard.astype(np.float32)
    )


def clustered(products: NDArray[np.float32]) -> NDArray[np.intp]:
    """The order (K,) in which those of high inner products (K, K) are neighbours."""
    return clustered_order(sparse.csr_array(products))


def label_cells(
    unit: NDArray[np.float64], found: Cooccurrence, groups: Groups
) -> dict[str, NDArray[np.floating[Any] | np.int64]]:
    """The cells of a picture whose rows and columns are groups of labels, arrays (R, R).

    Means over all pairs of two different labels, one of the row's and one of the column's group; NaN where
    there are none. Labels in groups must be such as some document has.

    Returns:
        product: float32, of the inner products of vectors `unit` (L, H) of length one.
        jaccard: float32, of the similarities of Eq. 5-8.
        And what `cooccurrence.pair_cells` gives.
    """
    inside = membership(groups, len(found.counts)).astype(np.float64)
    sizes = np.asarray(inside.sum(axis=1)).reshape(-1)
    with_itself = (inside @ inside.T).toarray()
    pairs = np.outer(sizes, sizes) - with_itself
    sums = inside @ unit
    own = inside.multiply((unit**2).sum(axis=1)) @ inside.T
    products = conditional_probability(sums @ sums.T - own.toarray(), pairs)
    upper = sparse.coo_array(found.together)
    union = found.counts[upper.row] + found.counts[upper.col] - upper.data
    jaccard = sparse.csr_array((upper.data / union, (upper.row, upper.col)), shape=upper.shape)
    return {
        "product": products.astype(np.float32),
        "jaccard": conditional_probability((inside @ jaccard @ inside.T).toarray(), pairs).astype(np.float32),
        **pair_cells(found, groups, groups),
    }
