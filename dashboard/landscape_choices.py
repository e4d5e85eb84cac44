"""The choices of the page of landscapes, and what to do for runs without one."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import choices, first_choice
from dashboard.landscape_state import Pair
from workbench.analysis.landscape import Landscape
from workbench.runs.store import Run
from workbench.wording import how_many

HEIGHTS = {"Loss": "loss", "Logarithm": "log10_loss", "Rise above its own": "rise"}
_NAMED = 6


def choose_alike(pairs: Sequence[Pair]) -> list[Pair]:
    """The pairs that may share a picture; where there are several sets of those, the reader picks one."""
    sets: dict[str, list[Pair]] = {}
    for pair in pairs:
        sets.setdefault(pair[1].identity, []).append(pair)
    if len(sets) == 1:
        return list(pairs)
    titles = {
        identity: f"{alike[0][1].title} ({how_many(len(alike), 'run')})" for identity, alike in sets.items()
    }
    chosen = st.selectbox(
        "Computed with",
        sorted(sets, key=lambda identity: -len(sets[identity])),
        format_func=titles.__getitem__,
        key="alike",
        bind="query-params",
        help="Only landscapes of the same documents, directions and grid are drawn together.",
    )
    return sets[chosen]


def how_to_compute(runs: Sequence[Run], plane: str, *, is_first: bool) -> None:
    """The command that computes the landscapes of these runs, if there are any."""
    if not runs:
        return
    names = " ".join(run.name for run in runs[:_NAMED])
    more = f" (and {len(runs) - _NAMED} more)" if len(runs) > _NAMED else ""
    if is_first:
        st.info("No run of this choice has a landscape on this plane yet.", icon=":material/flag:")
    st.caption(f"These runs{more} have none yet. To compute them, some ten seconds a run with a small CNN:")
    st.code(
        f"workbench probe landscape {names}" + (" --plane path" if plane == "path" else ""), language="bash"
    )
    if plane == "path":
        st.caption("It takes runs that were trained with `--set keep_epochs=true`.")


def choose_landscapes(pairs: Sequence[Pair]) -> list[Landscape]:
    """The landscapes of the runs that the reader picks, one of each method and encoder at first."""
    by_run = {run.name: one for run, one in pairs}
    chosen = choices.choose_runs([run for run, _ in pairs], first_choice.one_of_each)
    return [by_run[run.name] for run in chosen]


def choose_landscapes_and_height(pairs: Sequence[Pair]) -> tuple[list[Landscape], str]:
    """The landscapes, and which column is drawn as height and colour."""
    left, right = st.columns([3, 2])
    with left:
        chosen = choose_landscapes(pairs)
    said = right.segmented_control(
        "Height", list(HEIGHTS), default="Loss", key="height", bind="query-params", required=True
    )
    return chosen, HEIGHTS[said]
