"""Which method is better, at what, and how did it get there?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, panels, state
from workbench.analysis.floor import with_floors

VIEWS = {"Comparison": panels.comparison, "Learning curves": panels.curves, "Label groups": panels.groups}

st.title("Runs", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound(found, "metrics")

if not runs:
    cards.nothing_yet()
else:
    left, right = st.columns([2, 3])
    with left:
        offered = choices.choose_split(runs)
    with right:
        runs = with_floors(choices.choose_methods(offered), offered)
    view = st.segmented_control(
        "View", list(VIEWS), default="Comparison", key="view", bind="query-params", required=True
    )
    VIEWS[view](runs)

cards.broken_runs([*broken, *damaged])
