"""What do the papers propose and show, and what came out here?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, exhibit_panels, exhibits_state, paper_panels, state

st.title("Papers", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound(found, "metrics")
broken += damaged

if not runs:
    cards.nothing_yet()
paper = paper_panels.choose_paper()
left, middle, right = st.columns([3, 2, 2])
with left:
    exhibit = exhibit_panels.choose_exhibit(paper)
with middle:
    corpus = exhibit_panels.choose_corpus(runs)
if exhibit is None:
    paper_panels.card(paper)
    broken += paper_panels.gallery(paper, corpus, runs)
else:
    with right:
        showing = exhibit_panels.choose_way(exhibit, corpus, runs)
    showing = exhibits_state.made(showing)
    paper_panels.back(paper)
    exhibit_panels.heading(exhibit)
    exhibit_panels.missing(showing)
    exhibit_panels.shown(showing)
    exhibit_panels.runs_used(showing, runs)
    paper_panels.mechanism(paper)
    broken += showing.broken
cards.broken_runs(broken)
