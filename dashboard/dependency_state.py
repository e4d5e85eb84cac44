"""What the page of label dependency looks at: label sets and counts, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st
from scipy import sparse

from dashboard.state import Key, run_key
from workbench.analysis.combinations import combination_table, unseen_combinations
from workbench.analysis.cooccurrence import Cooccurrence, cooccurrence
from workbench.analysis.frequency_f1 import f1_of_runs, f1_over_seeds, f1_table
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
from workbench.runs.store import BrokenRun, Run

_TRAIN_ANEW = "Train one of them anew on the corpus of the other."


def readable(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose label sets can be read and have the gold labels of the first, and the others."""
    good: list[Run] = []
    broken = []
    for run in runs:
        try:
            rows = _rows(run_key(run))
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
    gold, predicted = (_counted(run_key(run), side) for side in ("gold", "predicted"))
    named = names(run)
    labels = in_order(gold, most_connected(gold, at_most), named, order)
    return pair_arrays(gold, predicted, labels), [named[label] for label in labels]


def divergences(runs: Sequence[Run]) -> pd.DataFrame:
    """As `analysis.label_pairs.divergence_table`; without training where the corpus is not here any more."""
    return _divergences(tuple(map(run_key, runs)))


def combinations(runs: Sequence[Run]) -> pd.DataFrame:
    """As `analysis.combinations.combination_table`."""
    return _combinations(tuple(map(run_key, runs)))


def unseen(run: Run) -> pd.DataFrame:
    """As `analysis.combinations.unseen_combinations`.

    Raises:
        WorkbenchError: when the corpus is not here any more, or has changed.
    """
    return _unseen(run_key(run))


def with_f1(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose metrics tell F1 of each label, which are those of the first, and the others."""
    good: list[Run] = []
    broken = []
    for run in runs:
        try:
            labels = _labels_with_f1(run_key(run))
            if good and labels != good[0].labels:
                raise WorkbenchError(f"Its labels are not those of {good[0].name}. {_TRAIN_ANEW}")
            good.append(run)
        except WorkbenchError as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def groups(runs: Sequence[Run], number: int, metric: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """As `analysis.frequency_f1.f1_of_runs`, and the same over seeds."""
    return _groups(tuple(map(run_key, runs)), number, metric)


def _require_alike(first: Run, run: Run, rows: LabelRows) -> None:
    known = _rows(run_key(first))
    same = [(known.ids, rows.ids), (known.gold.indptr, rows.gold.indptr)]
    same.append((known.gold.indices, rows.gold.indices))
    if first.labels != run.labels or not all(np.array_equal(*pair) for pair in same):
        raise WorkbenchError(
            f"Its test documents or their labels are not those of {first.name}, though their splits are "
            f"called the same. {_TRAIN_ANEW}"
        )


def _training(run: Run) -> sparse.csr_array | None:
    """Label sets of the training documents that the run saw; None where the corpus is not as it was."""
    try:
        return corpus_of(run).train.targets
    except (WorkbenchError, KeyError):
        return None


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


@st.cache_data(max_entries=96, show_spinner="Reading F1 of labels…")
def _labels_with_f1(key: Key) -> list[str]:
    """The run's labels; raises WorkbenchError where its metrics do not tell F1 of each."""
    run = Run.load(key[0])
    f1_table(run, 1)
    return run.labels


@st.cache_data(max_entries=48, show_spinner="Reading F1 of labels…")
def _groups(keys: tuple[Key, ...], number: int, metric: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    table = f1_of_runs([Run.load(path) for path, _ in keys], number, metric)
    return table, f1_over_seeds(table)
