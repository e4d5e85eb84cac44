"""Do predicted labels belong together?"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from dashboard import (
    cards,
    choices,
    dependency_panels,
    dependency_run_panels,
    dependency_state,
    first_choice,
    state,
)

# Views of runs that the reader chooses: what tells which of them can be read, and what draws these.
OF_CHOSEN: dict[str, tuple[Callable[..., Any], Callable[..., None]]] = {
    "Label pairs": (dependency_state.readable, dependency_panels.label_pairs),
    "Label combinations": (dependency_state.readable, dependency_panels.label_combinations),
    "Label groups": (dependency_state.with_f1, dependency_run_panels.groups),
    "Convergence": (partial(state.sound, part="history"), dependency_run_panels.convergence),
}
RANKS = "Ranks"

st.title("Do predicted labels belong together?", anchor=False)
found, broken = state.all_runs()
finished = [run for run in found if run.status == "done"]

if not found:
    cards.nothing_yet()
elif not finished:
    st.info("No run is finished yet: there are no predictions to look at.", icon=":material/flag:")
else:
    view = st.segmented_control(
        "View",
        [*OF_CHOSEN, RANKS],
        default="Label pairs",
        key="asked",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    looked_at = finished if view == RANKS else choices.choose_compared(finished, first_choice.one_of_each)[1]
    runs, damaged = state.sound(looked_at, "metrics")
    broken += damaged
    if view == RANKS:
        dependency_run_panels.ranks(runs)
    else:
        readable, draw = OF_CHOSEN[view]
        good, damaged = readable(runs)
        broken += damaged
        if good:
            draw(good)

cards.broken_runs(broken)
