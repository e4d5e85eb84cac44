"""Labels that share documents, brought next to each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from workbench.analysis.cooccurrence import Cooccurrence

EXACT_AT_MOST = 500
"""Up to so many labels (or blocks) hierarchical clustering orders them in a fraction of a second."""
_ROUNDS = 20


def similarity(found: Cooccurrence, labels: NDArray[np.intp]) -> sparse.csr_array:
    """Cosine of the targets' columns, n_ab / sqrt(n_a n_b), as csr (K, K) with ones on the diagonal.

    `labels` (K,) must be labels that are seen.
    """
    together = sparse.coo_array(found.together[labels][:, labels])
    root = np.sqrt(found.counts[labels].astype(np.float64))
    own = np.arange(len(labels))
    values = np.concatenate([together.data / (root[together.row] * root[together.col]), np.ones(len(labels))])
    places = (np.concatenate([together.row, own]), np.concatenate([together.col, own]))
    return sparse.csr_array((values, places), shape=together.shape)


def clustered_order(alike: sparse.csr_array) -> NDArray[np.intp]:
    """Positions (K,) so that similar ones are neighbours, from similarities (K, K) in [0, 1].

    Average linkage of 1 - similarity with optimal leaf ordering (Bar-Joseph et al., "Fast optimal leaf
    ordering for hierarchical clustering", 2001). Dense: for at most some hundreds.
    """
    if alike.shape[0] < 3:
        return np.arange(alike.shape[0])
    distance = np.clip(1 - alike.toarray(), 0, None)
    np.fill_diagonal(distance, 0)
    tree = linkage(squareform(distance, checks=False), "average", optimal_ordering=True)
    return np.asarray(leaves_list(tree), dtype=np.intp)


def clustered_blocks(alike: sparse.csr_array, blocks: int) -> list[NDArray[np.intp]]:
    """Positions of K labels in blocks of equal size (one more or less), similar ones together; stays sparse.

    The labels are halved again and again, each half the labels that are nearer to one of two centres: the
    balanced two-means of label trees (Prabhu et al., "Parabel: partitioned label trees for extreme
    classification", 2018), begun from the principal direction instead of two random labels. Then blocks, and
    the labels inside each, are put in order by hierarchical clustering. Nothing is drawn by chance.

    Args:
        alike: similarities (K, K) with ones on the diagonal.
        blocks: how many, a power of two and at most K.
    """
    norms = np.sqrt(np.asarray(alike.multiply(alike).sum(axis=1)).reshape(-1))
    rows = np.repeat(norms, np.diff(alike.indptr))
    unit = sparse.csr_array((alike.data / rows, alike.indices, alike.indptr), shape=alike.shape)
    groups = [np.arange(alike.shape[0])]
    while len(groups) < blocks:
        groups = [group[half] for group in groups for half in _halves(unit[group])]
    groups = [group[_order_inside(alike[group][:, group])] for group in groups]
    return [groups[place] for place in clustered_order(_between(alike, groups))]


def _halves(vectors: sparse.csr_array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows (K, L) of unit length, K > 1, in two halves of similar ones, each in ascending order."""
    left, right = _cut(_principal_direction(vectors))
    for _ in range(_ROUNDS):
        earlier = left
        left, right = _cut(vectors @ (_centre(vectors[left]) - _centre(vectors[right])))
        if np.array_equal(left, earlier):
            break
    return left, right


def _cut(lean: NDArray[np.float64]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The half with the larger values and the other one; rounding keeps ties as ties, cut by position."""
    order = np.argsort(-np.round(lean, 9), kind="stable")
    first = -(-len(lean) // 2)
    return np.sort(order[:first]), np.sort(order[first:])


def _principal_direction(vectors: sparse.csr_array) -> NDArray[np.float64]:
    """Where each row (K,) lies along the direction in which the rows vary most, by power iteration."""
    mean, columns = vectors.sum(axis=0) / vectors.shape[0], vectors.T
    along = np.linspace(1, -1, vectors.shape[0])
    for _ in range(_ROUNDS):
        direction = columns @ along - mean * along.sum()
        along = vectors @ direction - mean @ direction
        length = np.linalg.norm(along)
        if length < 1e-9:  # all rows are alike: any halves will do
            return np.zeros(len(along))
        along /= length
    return along


def _centre(vectors: sparse.csr_array) -> NDArray[np.float64]:
    total = np.asarray(vectors.sum(axis=0)).reshape(-1)
    return total / np.linalg.norm(total)


def _order_inside(alike: sparse.csr_array) -> NDArray[np.intp]:
    return clustered_order(alike) if alike.shape[0] <= EXACT_AT_MOST else np.arange(alike.shape[0])


def _between(alike: sparse.csr_array, groups: list[NDArray[np.intp]]) -> sparse.csr_array:
    """Similarity of groups: their mean one, set against the means inside the two groups, at most 1."""
    sizes = [len(group) for group in groups]
    member = sparse.csr_array(
        (np.ones(sum(sizes)), np.concatenate(groups), np.cumsum([0, *sizes])),
        shape=(len(groups), alike.shape[0]),
    )
    shared = (member @ alike @ member.T).toarray()
    within = np.sqrt(np.diag(shared))
    return sparse.csr_array(np.minimum(shared / np.outer(within, within), 1))
