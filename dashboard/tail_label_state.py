"""What the page of tail labels looks at: bins of labels and counts, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.state import Key, run_key
from workbench.analysis.frequency_bins import augmented_counts, bin_table, bins_of_runs
from workbench.analysis.label_order import label_names
from workbench.analysis.trained_on import named_corpus
from workbench.data.oversampling import is_tail
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run


def readable(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose scores can be read, and those where they are damaged."""
    good, broken = [], []
    for run in runs:
        try:
            _bins(run_key(run), 1, 5)
            good.append(run)
        except (WorkbenchError, KeyError) as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def bins(runs: Sequence[Run], number: int, k: int, metric: str) -> pd.DataFrame:
    """One row a run and bin, as `bins_of_runs` has them."""
    return bins_of_runs(runs, number, k, metric, lambda run: _bins(run_key(run), number, k))


def augmented(run: Run, threshold: int, times: int) -> pd.DataFrame:
    """Positive pairs of each label before and after augmenting labels below the threshold, with their names.

    Raises:
        WorkbenchError: when the corpus is not here any more.
    """
    return _augmented(run_key(run), threshold, times)


@st.cache_data(max_entries=200, show_spinner="Ranking labels…")
def _bins(key: Key, number: int, k: int) -> pd.DataFrame:
    return bin_table(Run.load(key[0]), number, k)


@st.cache_data(max_entries=50, show_spinner="Counting…")
def _augmented(key: Key, threshold: int, times: int) -> pd.DataFrame:
    run = Run.load(key[0])
    corpus = named_corpus(run)
    counts = corpus.train.targets.sum(axis=0)
    table = augmented_counts(corpus.train.targets, is_tail(counts, threshold), times)
    names = label_names(list(corpus.labels), list(corpus.label_texts))
    return table.assign(text=[names[label] for label in table["label"]])
