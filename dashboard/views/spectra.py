"""How diverse are the label embeddings that each method learns?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, first_choice, spectra_panels, state

st.title("Spectra of label embeddings", anchor=False)
found, broken = state.all_runs()
runs = [run for run in found if state.EMBEDDINGS in run.array_names]

if not found:
    cards.nothing_yet()
elif not runs:
    st.info(
        "No run has label embeddings yet: they are written when training is done.", icon=":material/flag:"
    )
else:
    chosen = choices.choose_runs(choices.choose_split(runs), first_choice.one_of_each)
    if chosen:
        broken += spectra_panels.spectra(chosen)

cards.left_out(found, runs, "label embeddings")
cards.broken_runs(broken)
