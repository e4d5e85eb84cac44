"""Dividing documents with several labels so that each label's share is alike in every part.

"On the Stratification of Multi-Label Data" (Sechidis, Tsoumakas, Vlahavas 2011), Algorithm 1, on sparse
targets. The package iterative-stratification does the same on a dense matrix and counts all of it again for
every label; the tests hold the two equal, assignment by assignment.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse


def stratified_folds(
    targets: sparse.csr_array, fractions: Sequence[float], seed: int | np.random.Generator = 0
) -> NDArray[np.int64]:
    """Assign each document to a fold so that documents and every label are divided as `fractions` say.

    The label with the fewest documents left is dealt out first, each of its documents to the fold that still
    wants most of it; ties go to the fold that wants most documents, then to chance. Documents without labels
    come last.

    Shapes: targets (N, L) of 0/1, fractions (F,) summing to one -> (N,) fold numbers.
    """
    random = np.random.default_rng(seed)
    rows = sparse.csr_array(targets)
    columns = sparse.csc_array(rows)
    columns.sort_indices()
    n_documents = rows.shape[0]
    remaining = np.diff(columns.indptr).astype(np.int64)  # (L,) documents of each label not dealt yet
    wanted = [fraction * n_documents for fraction in fractions]  # (F,)
    wanted_of = np.outer(remaining, np.asarray(fractions, dtype=np.float64)).tolist()  # (L, F)
    folds = np.full(n_documents, -1, dtype=np.int64)
    while remaining.any():
        label = _rarest(remaining, random)
        for document in columns.indices[columns.indptr[label] : columns.indptr[label + 1]]:
            if folds[document] >= 0:
                continue
            fold = _choose(wanted_of[label], wanted, random)
            its_labels = rows.indices[rows.indptr[document] : rows.indptr[document + 1]]
            folds[document] = fold
            wanted[fold] -= 1
            remaining[its_labels] -= 1
            for other in its_labels.tolist():
                wanted_of[other][fold] -= 1
    for document in np.flatnonzero(folds < 0):
        folds[document] = fold = _pick(_largest(wanted), random)
        wanted[fold] -= 1
    return folds


def stratified_sample(targets: sparse.csr_array, size: int, seed: int = 0) -> NDArray[np.int64]:
    """Rows of a sample of exactly `size` documents that keeps the labels' shares, in ascending order."""
    n_documents = targets.shape[0]
    share = size / n_documents
    folds = stratified_folds(targets, (1 - share, share), seed)
    random = np.random.default_rng(seed)
    chosen, others = np.flatnonzero(folds == 1), np.flatnonzero(folds == 0)
    if len(chosen) > size:
        chosen = random.permutation(chosen)[:size]
    elif len(chosen) < size:
        chosen = np.concatenate([chosen, random.permutation(others)[: size - len(chosen)]])
    return np.sort(chosen)


def _rarest(remaining: NDArray[np.int64], random: np.random.Generator) -> int:
    """The label with the fewest documents left, but at least one."""
    fewest = remaining[remaining > 0].min()
    return _pick(np.flatnonzero(remaining == fewest).tolist(), random)


def _choose(wanted_of_label: list[float], wanted: list[float], random: np.random.Generator) -> int:
    """The fold that wants most of this label; among equals the one that wants most documents."""
    best = _largest(wanted_of_label)
    if len(best) > 1:
        most = max(wanted[fold] for fold in best)
        best = [fold for fold in best if wanted[fold] == most]
    return _pick(best, random)


def _largest(values: list[float]) -> list[int]:
    highest = max(values)
    return [index for index, value in enumerate(values) if value == highest]


def _pick(candidates: list[int], random: np.random.Generator) -> int:
    return candidates[0] if len(candidates) == 1 else candidates[int(random.choice(len(candidates)))]
