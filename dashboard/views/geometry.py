"""Do document vectors fill their space, or crowd in a narrow cone: before training, after each stage?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, geometry_choices, geometry_panels, geometry_state, state
from workbench.analysis.stage_vectors import moments

st.title("Do documents fill their space?", anchor=False)
found, broken = state.all_runs()
runs = [run for run in found if run.status == "done" and moments(run)]

if not found:
    cards.nothing_yet()
elif not runs:
    st.info(
        "No finished run has vectors of documents yet: they are written when training is done. Those before "
        "training and between its stages are kept with:",
        icon=":material/flag:",
    )
    st.code("workbench train protomix --corpus demo --set keep_stages=true", language="bash")
else:
    _, chosen = choices.choose_compared(runs, geometry_choices.with_stages_first, geometry_choices.AT_MOST)
    panels = geometry_choices.choose_panels(chosen)
    how, in_three, is_one_space = geometry_choices.choose_view()
    bounds = geometry_choices.choose_bounds()
    asked = geometry_state.laid_out(panels, how, is_one_space=is_one_space)
    broken += asked.broken
    if asked.panels and not len(asked.rows):
        st.info("These runs kept vectors of no document in common: compare fewer of them.")
    elif asked.panels:
        geometry = geometry_choices.until_ready(asked, panels)
        table, spectra = geometry_state.numbers(geometry)
        if geometry.points:
            geometry_panels.draw(geometry, table, bounds, in_three=in_three)
        geometry_panels.numbers(geometry, table, spectra)
    geometry_panels.say_how_to_keep_more(chosen)

cards.left_out(found, runs, "vectors of documents")
cards.broken_runs(broken)
