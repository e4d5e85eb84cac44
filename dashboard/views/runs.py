"""Which method is better, at what, and how did it get there?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, panels, state
from workbench.analysis.floor import with_floors

CURVES = "Learning curves"
VIEWS = {"Comparison": panels.comparison, CURVES: panels.curves, "Label groups": panels.groups}

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
        runs = choices.choose_methods(offered)
    view = choices.segments("View", list(VIEWS), "shown")
    VIEWS[view](with_floors(runs if view == CURVES else choices.choose_some(runs), offered))

cards.broken_runs([*broken, *damaged])
