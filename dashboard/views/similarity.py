"""Do labels that occur together, and documents with the same labels, lie side by side?"""

from __future__ import annotations

import streamlit as st

from dashboard import (
    cards,
    choices,
    first_choice,
    similarity_choices,
    similarity_panels,
    similarity_state,
    state,
)

VIEWS = {
    "Labels": (similarity_state.with_labels, similarity_panels.labels, "label vectors"),
    "Documents": (similarity_state.with_documents, similarity_panels.documents, "vectors of documents"),
}

st.title("Does the model place side by side what occurs together?", anchor=False)
found, broken = state.all_runs()

if not found:
    cards.nothing_yet()
else:
    view = choices.segments("View", list(VIEWS), "between")
    readable, draw, what = VIEWS[view]
    runs = [run for run in found if similarity_state.keeps(run, view)]
    if not runs:
        st.info(
            f"No finished run has {what} yet: they are written when training is done, by methods that have "
            f"them. Runs here: {', '.join(run.name for run in found[:5])}.",
            icon=":material/flag:",
        )
    else:
        _, chosen = choices.choose_compared(
            runs, first_choice.baseline_and_method, similarity_choices.AT_MOST_RUNS
        )
        good, damaged = readable(chosen)
        broken += damaged
        if good:
            draw(good)
    cards.left_out(found, runs, what)

cards.broken_runs(broken)
