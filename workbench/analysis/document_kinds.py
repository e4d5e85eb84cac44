"""Sorting documents into a few kinds, to colour them by: rare labels, one label, mistakes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.documents import Documents
from workbench.analysis.predicted_sets import PredictedSets
from workbench.metrics import GROUP_NAMES, frequency_groups
from workbench.runs.store import Run

NO_LABEL = "no gold label"


def rarest_groups(documents: Documents, train_counts: NDArray[np.int64]) -> pd.Categorical[str]:
    """The group of each document's rarest gold label: head, mid, tail, unseen, or no gold label at all.

    Shapes: train_counts (L,) -> (N,); the groups are those of `metrics.frequency_groups`.
    """
    codes = np.full(len(documents), len(GROUP_NAMES))
    for place, labels in enumerate(frequency_groups(train_counts).values()):
        codes[np.asarray(documents.gold[:, labels].sum(axis=1)).ravel() > 0] = place
    return _categories(codes, [*GROUP_NAMES, NO_LABEL])


def label_states(documents: Documents, run: Run, label: int) -> pd.Categorical[str]:
    """What happened to one label in each document, (N,)."""
    predicted = PredictedSets(run).of_label(documents.rows, label)
    gold = documents.gold[:, [label]].toarray().ravel() > 0
    states = ["neither", "predicted, not gold", "gold, missed", "gold, predicted"]
    return _categories(2 * gold + predicted, states)


def counted(counts: NDArray[np.int64]) -> pd.Categorical[str]:
    """Counts (N,) as "0", "1", "2" and "3 or more"."""
    return _categories(np.minimum(counts, 3), ["0", "1", "2", "3 or more"])


def first_hits(documents: Documents) -> pd.Categorical[str]:
    """Whether the label of the highest score is gold (P@1), (N,)."""
    ones, starts = np.ones(len(documents), dtype=np.uint8), np.arange(len(documents) + 1)
    best = sparse.csr_array((ones, documents.best, starts), shape=documents.gold.shape)
    hit = np.asarray(documents.gold.multiply(best).sum(axis=1)).ravel()
    codes = np.where(np.diff(documents.gold.indptr) > 0, 1 - hit, 2)
    return _categories(codes, ["hit", "miss", NO_LABEL])


def _categories(codes: np.ndarray, names: Sequence[str]) -> pd.Categorical[str]:
    return pd.Categorical.from_codes(codes.astype(np.int64), pd.Index(names))
