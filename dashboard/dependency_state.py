"""What the page of label dependency looks at: label sets and counts, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from scipy import sparse

from dashboard.state import Key
from workbench.analysis.combinations import combination_table, unseen_combinations
from workbench.analysis.cooccurrence import Cooccurrence, cooccurrence
from workbench.analysis.frequency_bins import bins_of_runs, bins_over_seeds
from workbench.analysis.frequency_f1 import f1_table
from workbench.analysis.label_order import label_names
from workbench.analysis.label_pairs import (
    LabelRows,
    divergence_table,
    in_order,
    most_connected,
    pair_arrays,
    read_label_rows,
)
from workbench.analysis.trained_on import corpus_of
from workbench.errors import WorkbenchError
from workbench.metrics import Confusion, confusion
from workbench.runs.store import BrokenRun, Run


def readable(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose label sets can be read and have the gold labels of the first, and the others."""
    good: list[Run] = []
    broken = []
    for run in runs:
        try:
            rows = _rows(_key(run))
            _require_alike(good[0] if good else run, run, rows)
            good.append(run)
        except (WorkbenchError, KeyError) as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def names(run: Run) -> list[str]:
    """A name for each label that no other has."""
    return label_names(run.labels, run.label_texts)


def pairs(run: Run, at_most: int, order: str) -> tuple[dict[str, np.ndarray], list[str]]:
    """As `analysis.label_pairs.pair_arrays`, of the most connected labels, and their names in order."""
    gold, predicted = (_counted(_key(run), side) for side in ("gold", "predicted"))
    named = names(run)
    labels = in_order(gold, most_connected(gold, at_most), named, order)
    return pair_arrays(gold, predicted, labels), [named[label] for label in labels]


def divergences(runs: Sequence[Run]) -> pd.DataFrame:
    """As `analysis.label_pairs.divergence_table`; without training where the corpus is not here any more."""
    return _divergences(tuple(map(_key, runs)))


def combinations(runs: Sequence[Run]) -> pd.DataFrame:
    """As `analysis.combinations.combination_table`."""
    return _combinations(tuple(map(_key, runs)))


def unseen(run: Run) -> pd.DataFrame:
    """As `analysis.combinations.unseen_combinations`.

    Raises:
        WorkbenchError: when the corpus is not here any more, or has changed.
    """
    return _unseen(_key(run))


def groups(runs: Sequence[Run], number: int, metric: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One row a run and group of labels, as `bins_of_runs` has them, and the same over seeds with `tested`.

    Groups are those of the run with most training documents, so that they are the same for all.
    """
    counts = max(runs, key=lambda run: int(run.train_counts.sum())).train_counts
    tables = {run.name: f1_table(_confusion(_key(run)), counts, number) for run in runs}
    table = bins_of_runs(runs, number, 0, metric, lambda run: tables[run.name])
    tested = tables[runs[0].name].set_index("bin")["tested"]
    over = bins_over_seeds(table)
    return table, over.assign(tested=over["bin"].map(tested))


def _require_alike(first: Run, run: Run, rows: LabelRows) -> None:
    known = _rows(_key(first))
    same = [(known.ids, rows.ids), (known.gold.indptr, rows.gold.indptr)]
    same.append((known.gold.indices, rows.gold.indices))
    if first.labels != run.labels or not all(np.array_equal(*pair) for pair in same):
        raise WorkbenchError(
            f"Its test documents or their labels are not those of {first.name}, though their splits are "
            "called the same. Train one of them anew on the corpus of the other."
        )


def _training(run: Run) -> sparse.csr_array | None:
    """Label sets of the training documents that the run saw; None where the corpus is not as it was."""
    try:
        return corpus_of(run).train.targets
    except (WorkbenchError, KeyError):
        return None


def _key(run: Run) -> Key:
    return str(run.path), run.changed_ns


@st.cache_data(max_entries=48, show_spinner="Reading label sets…")
def _rows(key: Key) -> LabelRows:
    return read_label_rows(Run.load(key[0]))


@st.cache_data(max_entries=96, show_spinner="Counting label pairs…")
def _counted(key: Key, side: str) -> Cooccurrence:
    return cooccurrence(getattr(_rows(key), side))


@st.cache_data(max_entries=20, show_spinner="Comparing label pairs…")
def _divergences(keys: tuple[Key, ...]) -> pd.DataFrame:
    runs = [Run.load(path) for path, _ in keys]
    predicted = {run.name: _rows(key).predicted for run, key in zip(runs, keys, strict=True)}
    return divergence_table(predicted, _rows(keys[0]).gold, _training(runs[0]))


@st.cache_data(max_entries=20, show_spinner="Counting label combinations…")
def _combinations(keys: tuple[Key, ...]) -> pd.DataFrame:
    runs = [Run.load(path) for path, _ in keys]
    predicted = {run.name: _rows(key).predicted for run, key in zip(runs, keys, strict=True)}
    return combination_table(predicted, _rows(keys[0]).gold, _training(runs[0]))


@st.cache_data(max_entries=20, show_spinner="Counting label combinations…")
def _unseen(key: Key) -> pd.DataFrame:
    run, rows = Run.load(key[0]), _rows(key)
    return unseen_combinations(rows.predicted, rows.gold, corpus_of(run).train.targets, names(run))


@st.cache_data(max_entries=96, show_spinner="Counting right labels…")
def _confusion(key: Key) -> Confusion:
    rows = _rows(key)
    return confusion(rows.predicted, rows.gold)
