"""What the page of comparison looks at: differences, labels, agreement, kept until a run's files change."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial

import pandas as pd
import streamlit as st

from dashboard.meanwhile import begun
from dashboard.state import Key, run_key
from workbench.analysis.agreement import (
    Decisions,
    Errors,
    agreement_table,
    document_agreement,
    errors,
    read_decisions,
)
from workbench.analysis.compared_runs import require_same_documents, run_differences
from workbench.analysis.compared_settings import seed_differences
from workbench.analysis.comparison import run_table
from workbench.analysis.label_differences import label_differences, label_metrics
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run


def comparable(runs: Sequence[Run]) -> tuple[list[Run], list[BrokenRun]]:
    """The runs whose decisions can be read and are about the documents of the first, and the others."""
    good: list[Run] = []
    broken = []
    for run in runs:
        try:
            first = good[0] if good else run
            require_same_documents(first, _decisions(run_key(first)), run, _decisions(run_key(run)))
            good.append(run)
        except (WorkbenchError, KeyError) as error:
            broken.append(BrokenRun(run.path, str(error)))
    return good, broken


def differences(a: Run, b: Run, metrics: Sequence[str]) -> Future[pd.DataFrame]:
    """B less A with intervals of the paired bootstrap, as `SplitComparison.differences` has them.

    It takes seconds.

    Raises:
        WorkbenchError: when the two were not tested on the same documents.
    """
    runs = Run.load(a.path), Run.load(b.path)
    require_same_documents(runs[0], _decisions(run_key(a)), runs[1], _decisions(run_key(b)))
    key = ("differences", run_key(a), run_key(b), tuple(metrics))
    return begun(key, partial(run_differences, runs, tuple(metrics)))


def seeds(a: Run, b: Run, offered: Sequence[Run], metrics: Sequence[str]) -> pd.DataFrame:
    """The same over seeds, of all offered runs with the settings of one of the two; as `seed_differences`.

    Empty where the two have the same settings, or fewer than two seeds in common.
    """
    done = [run for run in offered if run.status == "done"]
    settings = dict(zip([run.name for run in done], run_table(done)["setting"], strict=True))
    wanted = {settings[a.name], settings[b.name]}
    alike = [run for run in done if settings[run.name] in wanted and run.name != a.name]
    return seed_differences([a, *alike] if len(wanted) == 2 else [], metrics)


def metrics_of_labels(run: Run) -> list[str]:
    """The metrics that a run has of each label."""
    return _label_metrics(run_key(run))


def labels(a: Run, b: Run, metric: str) -> pd.DataFrame:
    """As `analysis.label_differences`.

    Raises:
        WorkbenchError: when the runs have other labels, or no such metric.
    """
    return _labels(run_key(a), run_key(b), metric)


def agreement(runs: Sequence[Run], level: str) -> pd.DataFrame:
    """One row a pair of runs, as `agreement_table` has them."""
    return agreement_table({run.name: _errors(run_key(run), level) for run in runs})


def documents(a: Run, b: Run) -> pd.DataFrame:
    """One row a document, as `document_agreement` has them."""
    return _documents(run_key(a), run_key(b))


@st.cache_data(max_entries=24, show_spinner="Reading predictions…")
def _decisions(key: Key) -> Decisions:
    return read_decisions(Run.load(key[0]))


@st.cache_data(max_entries=100, show_spinner=False)
def _label_metrics(key: Key) -> list[str]:
    return label_metrics(Run.load(key[0]))


@st.cache_data(max_entries=100, show_spinner="Comparing labels…")
def _labels(a: Key, b: Key, metric: str) -> pd.DataFrame:
    return label_differences(Run.load(a[0]), Run.load(b[0]), _decisions(a), _decisions(b), metric)


@st.cache_data(max_entries=100, show_spinner="Counting errors…")
def _errors(key: Key, level: str) -> Errors:
    return errors(_decisions(key), level)


@st.cache_data(max_entries=50, show_spinner="Comparing documents…")
def _documents(a: Key, b: Key) -> pd.DataFrame:
    return document_agreement(_decisions(a), _decisions(b))
