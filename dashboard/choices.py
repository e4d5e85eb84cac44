"""Choices that several pages share; each lives in the URL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from workbench.runs.store import Run

MOST_AT_FIRST = 12
_RUNS = "runs"
_PICKED = "runs_were_picked"


def choose_split(runs: Sequence[Run]) -> list[Run]:
    """The runs of the split that the reader picks: numbers of different splits never share a picture."""
    splits = list(dict.fromkeys(run.split_id for run in runs))
    chosen = st.selectbox(
        "Corpus and split",
        splits,
        key="split",
        bind="query-params",
        on_change=_forget_pick,
        help="Only runs that were tested on the very same documents can be compared.",
    )
    return [run for run in runs if run.split_id == chosen]


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
    if runs and not chosen:
        st.caption("Choose a run to look at.")
    return [named[name] for name in chosen]


def choose_compared(
    runs: Sequence[Run], at_first: Callable[[Sequence[Run]], Sequence[Run]], at_most: int | None = None
) -> tuple[list[Run], list[Run]]:
    """The runs of one split, and those of them that the reader picks, `at_most` of them; side by side."""
    left, right = st.columns([2, 3])
    with left:
        offered = choose_split(runs)
    with right:
        chosen = choose_runs(offered, at_first)
    if at_most is not None and len(chosen) > at_most:
        st.caption(f"The first {at_most} of {len(chosen)} runs are drawn.")
        chosen = chosen[:at_most]
    return offered, chosen


def segments(title: str, options: list[str], key: str) -> str:
    """One of a few options, the first at first; it lives in the URL."""
    return st.segmented_control(
        title, options, default=options[0], key=key, bind="query-params", required=True
    )


def take_from_address(key: str, options: Collection[str]) -> None:
    """Before a choice is drawn whose options are shown by other names than the address has: what that says.

    `bind` would put the shown names into the address. A choice that is no option any more is forgotten.
    """
    if key not in st.session_state and st.query_params.get(key) in options:
        st.session_state[key] = st.query_params[key]
    if st.session_state.get(key) not in options:
        st.session_state.pop(key, None)


def keep_in_address(key: str, chosen: str | None) -> None:
    """After it is drawn: let the address say it."""
    if chosen is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen


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
    if not picked or (st.session_state[_RUNS] and not valid):
        _forget_pick()
    elif len(valid) < len(st.session_state[_RUNS]):
        st.session_state[_RUNS] = valid
