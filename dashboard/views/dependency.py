"""Do predicted labels belong together?"""

from __future__ import annotations

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

OF_LABEL_SETS = {
    "Label pairs": dependency_panels.label_pairs,
    "Label combinations": dependency_panels.label_combinations,
    "Label groups": dependency_run_panels.groups,
}
CONVERGENCE, RANKS = "Convergence", "Ranks"

st.title("Do predicted labels belong together?", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound([run for run in found if run.status == "done"], "metrics")
broken += damaged

if not found:
    cards.nothing_yet()
elif not runs:
    st.info("No run is finished yet: there are no predictions to look at.", icon=":material/flag:")
else:
    view = st.segmented_control(
        "View",
        [*OF_LABEL_SETS, CONVERGENCE, RANKS],
        default="Label pairs",
        key="view",
        bind="query-params",
        required=True,
        label_visibility="collapsed",
    )
    if view == RANKS:
        dependency_run_panels.ranks(runs)
    else:
        _, chosen = choices.choose_compared(runs, first_choice.one_of_each)
        is_of_curves = view == CONVERGENCE
        good, damaged = state.sound(chosen, "history") if is_of_curves else dependency_state.readable(chosen)
        broken += damaged
        if good:
            (dependency_run_panels.convergence if is_of_curves else OF_LABEL_SETS[view])(good)

cards.broken_runs(broken)
