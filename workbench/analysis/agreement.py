"""Whether two runs err on the same test documents, and which documents they decide most differently.

Source of kappa: Cohen, "A Coefficient of Agreement for Nominal Scales" (1960); here the two raters are runs,
and what they say of an item is whether it is right. The correlation of errors is the phi coefficient.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.dependency import read_label_sets
from workbench.errors import WorkbenchError
from workbench.metrics.dependency import label_rows
from workbench.runs.store import Run

LEVELS = ("decisions", "sets", "best")
"""What can be right: each decision on a document and label, a document's label set, its best label."""
ORDERS = ("differ", "only_a", "only_b", "neither")
"""Columns of `document_agreement` that documents can be ranked by."""


@dataclass(frozen=True, eq=False)
class Decisions:
    """What a finished run decided about its N test documents.

    Attributes:
        ids: (N,) the documents.
        gold: csr_array (N, L) of 0/1.
        predicted: csr_array (N, L) of 0/1, at the run's threshold.
        best: (N,) the label of the highest score.
    """

    ids: NDArray[np.str_]
    gold: sparse.csr_array
    predicted: sparse.csr_array
    best: NDArray[np.int64]

    @property
    def wrong(self) -> sparse.csr_array:
        """Decisions that are wrong, a gold label missed or another one predicted: csr_array (N, L) of 0/1."""
        differ = cast("sparse.csr_array", self.gold != self.predicted)  # which mypy takes for a bool
        return differ.tocsr()


@dataclass(frozen=True, eq=False)
class Errors:
    """The items that a run is wrong about: their numbers, ascending, out of `items` in all."""

    wrong: NDArray[np.int64]
    items: int


@dataclass(frozen=True)
class Agreement:
    """Items by which of two runs are right about them.

    `kappa` is 1 where both err on the same items, 0 where they do as often as by chance, NaN where neither
    or both err on all; `correlation` is that of their errors, NaN where one of them always or never errs.
    """

    both_right: int
    only_a: int
    only_b: int
    neither: int
    kappa: float
    correlation: float


def read_decisions(run: Run) -> Decisions:
    """The decisions of a finished run.

    Raises:
        WorkbenchError: as `dependency.read_label_sets`.
    """
    sets = read_label_sets(run)
    best = [labels[0] for labels in run.predictions["top_labels"]]
    predicted = label_rows(sets.predicted, "predicted")
    return Decisions(sets.ids.astype(np.str_), sets.gold, predicted, np.array(best, dtype=np.int64))


def errors(found: Decisions, level: str) -> Errors:
    """What a run is wrong about at one of `LEVELS`; "best" leaves documents without gold labels out.

    Raises:
        WorkbenchError: for an unknown level.
    """
    documents, labels = found.gold.shape
    if level == "decisions":
        rows, columns = found.wrong.nonzero()
        return Errors(np.sort(rows.astype(np.int64) * labels + columns), documents * labels)
    if level == "sets":
        return Errors(np.flatnonzero(np.diff(found.wrong.indptr) > 0), documents)
    if level == "best":
        labelled = np.flatnonzero(np.diff(found.gold.indptr) > 0)
        hits = np.asarray(found.gold[labelled, found.best[labelled]]).reshape(-1) > 0
        return Errors(labelled[~hits], len(labelled))
    raise WorkbenchError(f"{level!r} is none of {', '.join(LEVELS)}: say one of these.")


def agreement(a: Errors, b: Errors) -> Agreement:
    """How often two runs are right about the same items.

    Raises:
        WorkbenchError: for different numbers of items.
    """
    if a.items != b.items:
        raise WorkbenchError(f"One run decided {a.items} items, the other {b.items}; they must be the same.")
    neither = len(np.intersect1d(a.wrong, b.wrong, assume_unique=True))
    only_a, only_b = len(b.wrong) - neither, len(a.wrong) - neither
    both = a.items - neither - only_a - only_b
    excess = 2 * (both * neither - only_a * only_b)
    right_a, right_b = both + only_a, both + only_b
    wrong_a, wrong_b = only_b + neither, only_a + neither
    by_chance = right_a * wrong_b + right_b * wrong_a
    spread = math.sqrt(right_a * wrong_a) * math.sqrt(right_b * wrong_b)
    kappa = excess / by_chance if by_chance else math.nan
    return Agreement(both, only_a, only_b, neither, kappa, excess / 2 / spread if spread else math.nan)


def agreement_table(found: Mapping[str, Errors]) -> pd.DataFrame:
    """One row a pair of runs: run_a, run_b, items, then what `Agreement` has."""
    rows = [
        {"run_a": a, "run_b": b, "items": found[a].items, **asdict(agreement(found[a], found[b]))}
        for a, b in combinations(found, 2)
    ]
    counts = ["both_right", "only_a", "only_b", "neither"]
    return pd.DataFrame(rows, columns=["run_a", "run_b", "items", *counts, "kappa", "correlation"])


def document_agreement(a: Decisions, b: Decisions) -> pd.DataFrame:
    """One row a document: row, id, differ, only_a, only_b, neither: its labels about which runs are right.

    only_a counts those that `a` alone decides rightly, differ both kinds together.
    """
    wrong_a, wrong_b = (one.wrong.astype(np.int64) for one in (a, b))
    neither = _by_document(wrong_a.multiply(wrong_b))
    only_a, only_b = _by_document(wrong_b) - neither, _by_document(wrong_a) - neither
    counts = {"differ": only_a + only_b, "only_a": only_a, "only_b": only_b, "neither": neither}
    return pd.DataFrame({"row": np.arange(len(a.ids)), "id": a.ids, **counts})


def ranked_documents(table: pd.DataFrame, by: str) -> pd.DataFrame:
    """The documents of a `document_agreement` with most labels in the column `by` first; those with any.

    Of as many labels of one run alone, those with fewer of the other come first; then by row.
    """
    other = {"only_a": "only_b", "only_b": "only_a"}.get(by)
    ties = -table[other].to_numpy() if other else table["differ"].to_numpy()
    order = np.lexsort((table["row"], -ties, -table[by].to_numpy()))
    ranked = table.iloc[order]
    return ranked[ranked[by] > 0].reset_index(drop=True)


def _by_document(counts: sparse.csr_array) -> NDArray[np.int64]:
    return np.asarray(counts.sum(axis=1), dtype=np.int64).reshape(-1)
