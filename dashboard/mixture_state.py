"""What the page of mixtures looks at: mixtures and their parents, differences kept until a run changes."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard.state import Key, run_key
from workbench.analysis.floor import floor_of
from workbench.analysis.mixture_differences import COLUMNS, compare_mixture, documents_differences, with_holm
from workbench.analysis.mixtures import Mixture, find_mixtures, own_terms
from workbench.errors import WorkbenchError
from workbench.runs.store import BrokenRun, Run


def mixtures(runs: Sequence[Run]) -> list[Mixture]:
    """The mixtures among finished runs, with their parents."""
    return find_mixtures(runs, lambda run: _terms(run_key(run)))


def differences(found: Sequence[Mixture], metrics: Sequence[str]) -> tuple[pd.DataFrame, list[BrokenRun]]:
    """The rows of `compare_mixtures`, and the mixtures that cannot be compared."""
    tables, broken = [], []
    for mixture in found:
        try:
            tables.append(compare_mixture(mixture, metrics, _over_documents))
        except (WorkbenchError, KeyError) as error:
            broken.append(BrokenRun(mixture.example.path, str(error)))
    filled = [table for table in tables if len(table)]
    whole = pd.concat(filled, ignore_index=True) if filled else pd.DataFrame(columns=COLUMNS)
    return with_holm(whole), broken


def floors(table: pd.DataFrame, runs: Sequence[Run]) -> list[float]:
    """What the floor of each row's split reaches in the row's metric; NaN where there is none."""
    found = {split: floor_of(runs, split) for split in table["split_id"].unique()}
    reached = {
        split: floor.metrics.get("test", {}).get("overall", {}) if floor else {}
        for split, floor in found.items()
    }
    rows = zip(table["split_id"], table["metric"], strict=True)
    return [float(reached[split].get(metric, float("nan"))) for split, metric in rows]


def _over_documents(run: Run, parent: Run, metrics: Sequence[str]) -> pd.DataFrame:
    return _documents(run_key(run), run_key(parent), tuple(metrics))


@st.cache_data(max_entries=300, show_spinner="Testing differences…")
def _documents(run: Key, parent: Key, metrics: tuple[str, ...]) -> pd.DataFrame:
    return documents_differences(Run.load(run[0]), Run.load(parent[0]), metrics)


@st.cache_data(max_entries=2000, show_spinner=False)
def _terms(key: Key) -> frozenset[str]:
    """The terms in a run's loss; none where its history cannot be read."""
    try:
        return own_terms(Run.load(key[0]))
    except WorkbenchError:
        return frozenset()
