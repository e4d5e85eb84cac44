"""How flat is the loss around what each method found?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, landscape_choices, landscape_panels, landscape_state, state

VIEWS = {
    "Contours": landscape_panels.contours,
    "Surface": landscape_panels.surface,
    "Slices": landscape_panels.slices,
    "Sharpness": landscape_panels.sharpness,
    "Training path": landscape_panels.path,
}

st.title("Loss landscapes", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound([run for run in found if run.status == "done"], "metrics")
broken += damaged

if not found:
    cards.nothing_yet()
elif not runs:
    st.info("No run is finished yet: there are no weights to look around.", icon=":material/flag:")
else:
    left, right = st.columns([2, 3])
    with left:
        runs = choices.choose_split(runs)
    view = right.segmented_control(
        "View", list(VIEWS), default="Contours", key="drawn", bind="query-params", required=True
    )
    plane = "path" if view == "Training path" else "random"
    pairs, without, damaged = landscape_state.landscapes(runs, plane)
    broken += damaged
    if pairs:
        VIEWS[view](landscape_choices.choose_alike(pairs))
    landscape_choices.how_to_compute(without, plane, is_first=not pairs)

cards.broken_runs(broken)
