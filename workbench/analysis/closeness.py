"""How near features lie to real ones that training never saw, those of test documents.

Source: "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification", Figure 6, where
a picture is all there is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.projection import to_unit_length
from workbench.analysis.tail_features import (
    GENERATED,
    HELD_OUT,
    KINDS,
    PROTOTYPE,
    TRAINING,
    Features,
    even_share,
)

_AT_ONCE = 1_000
_PAIRS_AT_MOST = 50_000_000
"""Pairs of a feature and a held-out one that are compared in search of the nearest."""


def closeness_table(found: Features) -> pd.DataFrame:
    """How near a label's features lie to HELD-OUT real ones, in cosine distance; one row a label and kind.

    Columns: label, is_tail, kind ("generated", "training" or "prototype"), features, held_out (how many),
    to_own (mean distance to held-out features of the same label), to_others (to those of all other labels),
    nearest_own (the share whose nearest held-out feature is of the same label; where there are very many, an
    even share of each label is asked), by_chance (the share of held-out features that are), spread (mean
    distance from their own mean direction). Labels without a held-out feature are left out.
    """
    unit = to_unit_length(np.ascontiguousarray(found.vectors))
    held = found.kind == HELD_OUT
    reference = _Reference(unit[held], found.label[held], len(found.is_tail))
    rows = []
    for kind in (GENERATED, TRAINING, PROTOTYPE):
        mine = np.flatnonzero((found.kind == kind) & (reference.counts[found.label] > 0))
        if len(mine):
            rows.append(_closeness(unit[mine], found.label[mine], reference).assign(kind=KINDS[kind]))
    columns = [
        "label",
        "kind",
        "features",
        "held_out",
        "to_own",
        "to_others",
        "nearest_own",
        "by_chance",
        "spread",
    ]
    table = pd.concat(rows, ignore_index=True) if rows else pd.DataFrame(columns=columns)
    return table[columns].assign(is_tail=found.is_tail[table["label"].to_numpy(dtype=np.int64)])


def closeness_summary(table: pd.DataFrame) -> pd.DataFrame:
    """Means over tail labels of a `closeness_table`, each label counting once: one row a kind.

    Only labels that have all of the table's kinds take part. Columns: kind, labels, to_own, to_others,
    nearest_own, by_chance, spread.
    """
    tails = table[table["is_tail"]]
    complete = tails.groupby("label")["kind"].nunique() == table["kind"].nunique()
    tails = tails[tails["label"].isin(complete[complete].index)]
    columns = ["to_own", "to_others", "nearest_own", "by_chance", "spread"]
    means = tails.groupby("kind", sort=False)[columns].mean()
    return means.assign(labels=tails.groupby("kind", sort=False)["label"].count()).reset_index()


class _Reference:
    """Held-out features (R, V) of unit length, with their sums and numbers by label: (L, V) and (L,)."""

    def __init__(self, unit: np.ndarray, label: NDArray[np.int64], n_labels: int) -> None:
        self.unit, self.label = unit, label
        self.counts = np.bincount(label, minlength=n_labels)
        self.sums = _sums(unit, label, n_labels)


def _closeness(unit: np.ndarray, label: NDArray[np.int64], reference: _Reference) -> pd.DataFrame:
    """The columns of `closeness_table` but kind and is_tail, from sums: no pair is looked at twice."""
    n_labels, all_held = len(reference.counts), len(reference.label)
    own = np.einsum("pv,pv->p", unit, reference.sums[label])
    others = unit @ reference.sums.sum(axis=0) - own
    features = np.bincount(label, minlength=n_labels)
    known = np.flatnonzero(features)
    count, held = features[known], reference.counts[known]

    def mean(values: NDArray[np.float64], over: NDArray[np.int64]) -> NDArray[np.float64]:
        total = np.bincount(label, weights=values, minlength=n_labels)[known]
        return np.divide(total, count * over, out=np.full(len(known), np.nan), where=over > 0)

    return pd.DataFrame(
        {
            "label": known,
            "features": count,
            "held_out": held,
            "to_own": 1 - mean(own, held),
            "to_others": 1 - mean(others, all_held - held),
            "nearest_own": _nearest_own(unit, label, reference)[known],
            "by_chance": held / all_held,
            "spread": np.where(count > 1, 1 - _mean_lengths(unit, label, n_labels)[known], np.nan),
        }
    )


def _nearest_own(unit: np.ndarray, label: NDArray[np.int64], reference: _Reference) -> NDArray[np.float64]:
    """The share (L,) of each label's features whose nearest held-out one is of the label."""
    asked = np.flatnonzero(even_share(label, _PAIRS_AT_MOST // len(reference.label)))
    hits = np.zeros(len(asked))
    for at in range(0, len(asked), _AT_ONCE):
        some = asked[at : at + _AT_ONCE]
        nearest = (unit[some] @ reference.unit.T).argmax(axis=1)
        hits[at : at + _AT_ONCE] = reference.label[nearest] == label[some]
    n_labels = len(reference.counts)
    counts = np.bincount(label[asked], minlength=n_labels)
    right = np.bincount(label[asked], weights=hits, minlength=n_labels)
    return np.divide(right, counts, out=np.full(n_labels, np.nan), where=counts > 0)


def _mean_lengths(unit: np.ndarray, label: NDArray[np.int64], n_labels: int) -> NDArray[np.float64]:
    """The length (L,) of each label's mean feature: the mean cosine of its features with that direction."""
    counts = np.bincount(label, minlength=n_labels)
    lengths = np.linalg.norm(_sums(unit, label, n_labels), axis=1) / np.maximum(counts, 1)
    return np.asarray(lengths, dtype=np.float64)


def _sums(unit: np.ndarray, label: NDArray[np.int64], n_labels: int) -> NDArray[np.float64]:
    """The sum (L, V) of each label's features (P, V)."""
    places = sparse.csr_array((np.ones(len(label)), (label, np.arange(len(label)))), (n_labels, len(label)))
    return np.asarray(places @ unit.astype(np.float64))
