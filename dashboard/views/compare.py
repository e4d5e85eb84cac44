"""How do chosen runs differ: in what they score, on which labels, and on which documents?"""

from __future__ import annotations

import streamlit as st

from dashboard import (
    cards,
    choices,
    compare_agreement_panels,
    compare_panels,
    compare_shape_panels,
    compare_state,
    first_choice,
    state,
)

VIEWS = {
    "Metrics": compare_panels.table,
    "Labels": compare_panels.labels,
    "Head, mid, tail": compare_shape_panels.groups,
    "Learning curves": compare_shape_panels.curves,
    "Spectra": compare_shape_panels.spectra,
    "Landscapes": compare_shape_panels.landscapes,
    "Agreement": compare_agreement_panels.agreement,
}
OF_DECISIONS = ("Labels", "Agreement")

st.title("How do these runs differ?", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound([run for run in found if run.status == "done"], "metrics")
broken += damaged

if not found:
    cards.nothing_yet()
elif not runs:
    st.info("No run is finished yet: there is nothing to compare.", icon=":material/flag:")
else:
    offered, chosen = choices.choose_compared(runs, first_choice.one_of_each)
    view = choices.segments("View", list(VIEWS), "view")
    if view in OF_DECISIONS:
        chosen, damaged = compare_state.comparable(chosen)
        broken += damaged
    if chosen:
        VIEWS[view](chosen, offered)

cards.broken_runs(broken)
