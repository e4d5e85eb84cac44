"""Choices that several pages share; each lives in the URL."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from workbench.runs.store import Run

MOST_AT_FIRST = 12


def choose_split(runs: Sequence[Run]) -> list[Run]:
    """The runs of the split that the reader picks: numbers of different splits never share a picture."""
    splits = list(dict.fromkeys(_split(run) for run in runs))
    chosen = st.selectbox(
        "Corpus and split",
        splits,
        key="split",
        bind="query-params",
        help="Only runs that were tested on the very same documents can be compared.",
    )
    return [run for run in runs if _split(run) == chosen]


def choose_methods(runs: Sequence[Run]) -> list[Run]:
    """The runs of the methods that the reader picks; all, if none is picked."""
    methods = sorted({run.manifest.get("method", "?") for run in runs})
    chosen = st.multiselect("Methods", methods, key="method", bind="query-params", placeholder="All methods")
    return [run for run in runs if not chosen or run.manifest.get("method", "?") in chosen]


def choose_runs(runs: Sequence[Run], at_first: Callable[[Sequence[Run]], Sequence[Run]]) -> list[Run]:
    """The single runs that the reader picks, beginning with `at_first` of them."""
    named = {run.name: run for run in runs}
    default = [run.name for run in at_first(runs)][:MOST_AT_FIRST]
    chosen = st.multiselect("Runs", list(named), default=default, key="runs", bind="query-params")
    return [named[name] for name in chosen]


def one_of_each(runs: Sequence[Run]) -> list[Run]:
    """The newest run of each method and encoder."""
    newest: dict[tuple[str, str], Run] = {}
    for run in runs:
        newest.setdefault((run.manifest.get("method", "?"), run.manifest.get("encoder", "?")), run)
    return list(newest.values())


def _split(run: Run) -> str:
    return str((run.manifest.get("corpus") or {}).get("split_id", "?"))
