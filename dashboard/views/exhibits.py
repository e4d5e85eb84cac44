"""What do the papers show, and what came out here?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, exhibit_panels, exhibits_state, state

st.title("Exhibits", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound(found, "metrics")
broken += damaged

if not runs:
    cards.nothing_yet()
left, middle, right = st.columns([2, 2, 3])
with left:
    exhibit = exhibit_panels.choose_exhibit()
with middle:
    corpus = exhibit_panels.choose_corpus(runs)
with right:
    showing = exhibit_panels.choose_way(exhibit, corpus, runs)
showing = exhibits_state.made(showing)

exhibit_panels.heading(exhibit)
exhibit_panels.missing(showing)
is_table = exhibit.place.startswith("Table")
for draw in (exhibit_panels.tables, exhibit_panels.picture)[:: 1 if is_table else -1]:
    draw(showing)
exhibit_panels.runs_used(showing, runs)
exhibit_panels.every_exhibit(corpus, runs)
cards.broken_runs([*broken, *showing.broken])
