"""Choices that several pages share; each lives in the URL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

import streamlit as st

from workbench.analysis.settings import beyond_method, differing, flat
from workbench.runs.store import Run

MOST_AT_FIRST = 12
_RUNS = "runs"
_PICKED = "runs_were_picked"


def choose_split(runs: Sequence[Run]) -> list[Run]:
    """The runs of the split that the reader picks: numbers of different splits never share a picture."""
    splits = list(dict.fromkeys(_split(run) for run in runs))
    chosen = st.selectbox(
        "Corpus and split",
        splits,
        key="split",
        bind="query-params",
        on_change=_forget_pick,
        help="Only runs that were tested on the very same documents can be compared.",
    )
    return [run for run in runs if _split(run) == chosen]


def choose_methods(runs: Sequence[Run]) -> list[Run]:
    """The runs of the methods that the reader picks; all, if none is picked."""
    methods = sorted({run.manifest.get("method", "?") for run in runs})
    chosen = st.multiselect("Methods", methods, key="method", bind="query-params", placeholder="All methods")
    return [run for run in runs if not chosen or run.manifest.get("method", "?") in chosen]


def choose_runs(runs: Sequence[Run], at_first: Callable[[Sequence[Run]], Sequence[Run]]) -> list[Run]:
    """The single runs that the reader picks, beginning with `at_first` of them.

    A pick goes along to other pages as far as it makes sense there; what was merely shown at first does not.
    """
    named = {run.name: run for run in runs}
    default = [run.name for run in at_first(runs)][:MOST_AT_FIRST]
    _keep_valid_pick(named)
    chosen = st.multiselect(
        "Runs", list(named), default=default, key=_RUNS, bind="query-params", on_change=_note_pick
    )
    return [named[name] for name in chosen]


def _note_pick() -> None:
    st.session_state[_PICKED] = True


def _forget_pick() -> None:
    st.session_state.pop(_PICKED, None)
    st.session_state.pop(_RUNS, None)


def _keep_valid_pick(offered: Collection[str]) -> None:
    """Before the choice is drawn: drop runs that are not offered here, and a choice that nobody made."""
    if _RUNS not in st.session_state:
        return
    picked = st.session_state.get(_PICKED, False) or _RUNS in st.query_params
    valid = [name for name in st.session_state[_RUNS] if name in offered]
    if not picked or not valid:
        _forget_pick()
    elif len(valid) < len(st.session_state[_RUNS]):
        st.session_state[_RUNS] = valid


def one_of_each(runs: Sequence[Run]) -> list[Run]:
    """A run of each method and encoder, as far as possible of the settings that most methods share."""
    if not runs:
        return []
    example = shared_by_most(runs)
    kinds: dict[tuple[str, str], list[Run]] = {}
    for run in runs:
        kinds.setdefault((run.manifest.get("method", "?"), run.manifest.get("encoder", "?")), []).append(run)
    return [most_alike(example, of_a_kind) for of_a_kind in kinds.values()]


def shared_by_most(runs: Sequence[Run]) -> Run:
    """The newest run with the settings, and then the seed, of which there are runs of most methods.

    What belongs to the methods is not compared: pictures side by side shall differ by the method alone.
    The trials of a search, say, are many, but no other method was trained as they were.
    """
    places = [(_setting(run), run.manifest.get("seed")) for run in runs]
    methods: dict[tuple[Any, ...], set[str]] = {}
    for run, place in zip(runs, places, strict=True):
        for shared in (place[:1], place):
            methods.setdefault(shared, set()).add(run.manifest.get("method", "?"))
    counts = [(len(methods[place[:1]]), len(methods[place])) for place in places]
    return runs[counts.index(max(counts))]


def most_alike(example: Run, runs: Sequence[Run]) -> Run:
    """Of runs, the newest first, one that differs least from `example` in encoder, settings and seed."""
    config = flat(example.manifest.get("config") or {})

    def distance(run: Run) -> tuple[bool, int, bool]:
        return (
            run.manifest.get("encoder") != example.manifest.get("encoder"),
            differing(flat(run.manifest.get("config") or {}), config),
            run.manifest.get("seed") != example.manifest.get("seed"),
        )

    return min(runs, key=distance)


def _setting(run: Run) -> tuple[Any, ...]:
    return run.manifest.get("encoder"), beyond_method(flat(run.manifest.get("config") or {}))


def _split(run: Run) -> str:
    return str((run.manifest.get("corpus") or {}).get("split_id", "?"))
