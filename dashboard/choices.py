"""Choices that several pages share; each lives in the URL."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from dashboard.plain import plain
from workbench.runs.store import Run

MOST_AT_FIRST = 12
_NAMES_MOST = 200
_RUNS, _SPLIT = "runs", "split"
_PICKED_SPLIT, _PICKED_RUNS = "picked_split", "picked_runs"
"""What the reader picked, also where a page does not offer all of it: a split, and runs by split."""
_MISSING = "missing_runs"
"""Runs that a link named and nobody has, until the reader picks."""
_SEEN = "seen_choices"
"""What the page that is being drawn shows of them."""


def choose_split(runs: Sequence[Run]) -> list[Run]:
    """The runs of the split that the reader picks: numbers of different splits never share a picture.

    A pick goes along to other pages; one that does not offer it shows another, and the next one has it again.
    """
    splits = list(dict.fromkeys(run.split_id for run in runs))
    picked = st.session_state.get(_PICKED_SPLIT)
    if picked is None:  # a link may name runs alone
        named = st.query_params.get_all(_RUNS)
        picked = next((run.split_id for run in runs if run.name in named), None)
    if picked in splits and _SPLIT not in st.query_params:
        _show(_SPLIT, picked)
    with told_where_missing(_SPLIT, splits):
        chosen = st.selectbox(
            "Corpus and split",
            splits,
            key=_SPLIT,
            bind="query-params",
            on_change=_note_split,
            help="Only runs that were tested on the very same documents can be compared.",
        )
    if picked is None or picked in splits:
        st.session_state[_PICKED_SPLIT] = chosen
    _note_seen(_SPLIT, [chosen] if chosen else [])
    return [run for run in runs if run.split_id == chosen]


def choose_methods(runs: Sequence[Run]) -> list[Run]:
    """The runs of the methods that the reader picks; all, if none is picked."""
    methods = sorted({run.manifest.get("method", "?") for run in runs})
    chosen = st.multiselect(
        "Methods", methods, key="method", bind="query-params", placeholder="All methods", wrap=True
    )
    return [run for run in runs if not chosen or run.manifest.get("method", "?") in chosen]


def choose_runs(runs: Sequence[Run], at_first: Callable[[Sequence[Run]], Sequence[Run]]) -> list[Run]:
    """The single runs that the reader picks, beginning with `at_first` of them.

    A pick goes along to other pages as far as it makes sense there; what was merely shown at first does not.
    """
    named = {run.name: run for run in runs}
    default = [run.name for run in at_first(runs)][:MOST_AT_FIRST]
    chosen = _choose(runs, default, "Choose runs")
    if runs and not chosen:
        st.caption("Choose a run to look at.")
    return [named[name] for name in chosen]


def choose_some(runs: Sequence[Run]) -> list[Run]:
    """The runs that the reader picks here or on another page; all, if none is picked."""
    chosen = _choose(runs, [], "All runs")
    return [run for run in runs if not chosen or run.name in chosen]


def picked_among(runs: Sequence[Run]) -> list[str]:
    """The names of those of these runs of one split that the reader picked on any page."""
    picked = _picks().get(runs[0].split_id, []) if runs else []
    offered = {run.name for run in runs}
    return [name for name in picked if name in offered]


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


@contextmanager
def told_where_missing(key: str, options: Collection[str]) -> Iterator[None]:
    """Say behind the box `key`, drawn within, that a link named what is no option; until the reader picks."""
    named, kept = st.query_params.get(key), f"missing-{key}"
    yield
    shown = st.session_state.get(key)
    if named is not None and named not in options:
        st.session_state[kept] = (named, shown)
    missing, instead = st.session_state.get(kept, (None, shown))
    if missing is None or shown != instead:
        st.session_state.pop(kept, None)
        return
    st.caption(
        f":material/link_off: The link names {plain(missing, _NAMES_MOST)}, which is not here. This is "
        f"{plain(str(shown))}."
    )


def forget_unless_offered(key: str, options: Collection[str]) -> None:
    """Let a box begin with its first option where another page left its choice empty or on something else."""
    if key in st.session_state and st.session_state[key] not in options:
        del st.session_state[key]


def take_seen() -> list[tuple[str, str]]:
    """The split and the runs that this page shows, as an address has them; forgotten for the next page."""
    seen: dict[str, list[str]] = st.session_state.pop(_SEEN, {})
    return [(key, value) for key, values in seen.items() for value in values]


def segments(title: str, options: list[str], key: str) -> str:
    """One of a few options, the first at first; it lives in the URL."""
    return st.segmented_control(
        title, options, default=options[0], key=key, bind="query-params", required=True
    )


def kept_text(title: str, key: str, at_first: str = "", **how: Any) -> str:
    """A box for a longer text, which stays while other choices and other pages do not draw the box."""
    kept = f"kept-{key}"
    st.session_state[key] = st.session_state.setdefault(kept, st.session_state.get(key, at_first))
    return st.text_area(title, key=key, on_change=_keep_text, args=(key, kept), **how)


def set_text(key: str, words: str) -> None:
    """Before the box `key` is drawn again: make it say something else."""
    st.session_state[f"kept-{key}"] = words


def _keep_text(key: str, kept: str) -> None:
    st.session_state[kept] = st.session_state[key]


def take_from_address(key: str, options: Collection[str]) -> None:
    """Before a choice is drawn whose options are shown by other names than the address has: what that says.

    `bind` would put the shown names into the address. A choice that is no option any more is forgotten.
    """
    if key not in st.session_state and st.query_params.get(key) in options:
        st.session_state[key] = st.query_params[key]
    forget_unless_offered(key, options)


def keep_in_address(key: str, chosen: str | None) -> None:
    """After it is drawn: let the address say it."""
    if chosen is None:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != chosen:
        st.query_params[key] = chosen


def _choose(runs: Sequence[Run], default: Sequence[str], placeholder: str) -> list[str]:
    """The names of the runs that are picked, as far as they are among these; `default` if none is."""
    offered, split = [run.name for run in runs], runs[0].split_id if runs else ""
    picked = _picks().get(split)
    named = st.query_params.get_all(_RUNS)
    is_followed = picked is None and any(name in offered for name in named)  # a link, which streamlit reads
    if named and _PICKED_RUNS not in st.session_state:
        st.session_state[_MISSING] = [name for name in named if name not in offered]
    shown = _valid(picked, offered, default)
    if not is_followed and (_RUNS in st.session_state or shown != list(default)):
        _show(_RUNS, shown)
    chosen: list[str] = st.multiselect(
        "Runs",
        offered,
        default=default,
        key=_RUNS,
        bind="query-params",
        wrap=True,
        placeholder=placeholder,
        on_change=_note_runs,
        args=(split, offered),
    )
    if is_followed or chosen != shown:  # by a link, or by the browser's way back
        _keep(split, chosen if _RUNS in st.query_params else None)
    _note_seen(_RUNS, chosen)
    if missing := st.session_state.get(_MISSING):
        names = plain(", ".join(missing), _NAMES_MOST)
        st.caption(f":material/link_off: The link names what is not among these runs: {names}.")
    return chosen


def _note_seen(key: str, values: Sequence[str]) -> None:
    st.session_state[_SEEN] = st.session_state.get(_SEEN, {}) | {key: list(values)}


def _valid(picked: Sequence[str] | None, offered: Sequence[str], default: Sequence[str]) -> list[str]:
    """What is offered of the pick; `default` where there is none, or nothing of it is offered."""
    valid = [name for name in picked or () if name in offered]
    return valid if valid or picked == [] else list(default)


def _note_split() -> None:
    st.session_state[_PICKED_SPLIT] = st.session_state[_SPLIT]


def _note_runs(split: str, offered: Collection[str]) -> None:
    """Keep what was picked, and of earlier picks what is not offered here and so could not be undone."""
    st.session_state.pop(_MISSING, None)
    here = list(st.session_state[_RUNS])
    elsewhere = [name for name in _picks().get(split) or () if name not in offered]
    _keep(split, [*here, *elsewhere] if here else [])


def _keep(split: str, names: list[str] | None) -> None:
    """Set the pick of a split, or forget it."""
    kept = _picks() | ({split: names} if names is not None else {})
    st.session_state[_PICKED_RUNS] = {
        key: one for key, one in kept.items() if names is not None or key != split
    }


def _picks() -> dict[str, list[str]]:
    found: dict[str, list[str]] = st.session_state.get(_PICKED_RUNS, {})
    return found


def _show(key: str, value: Any) -> None:
    """Before a choice is drawn: make it say `value`, which the address follows.

    Said each time: what is there already may belong to the page before, and go with its widget.
    """
    st.session_state[key] = value
