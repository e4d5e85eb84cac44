"""What are methods made of, and which are relatives?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, family_panels, state
from workbench.cards import paper_cards

st.title("What are methods made of?", anchor=False)
family_panels.follow_click()
found, broken = state.all_runs()
runs, damaged = state.sound(found, "metrics")
papers = paper_cards()

if not found:
    cards.nothing_yet()
with st.container(horizontal=True, vertical_alignment="bottom"):
    method = family_panels.choose_method(papers, runs)
    offered = choices.choose_split(runs) if runs else []
    metric = family_panels.choose_metric(offered)
family_panels.draw(papers, offered, method, metric)
family_panels.card(papers, method)
family_panels.runs_of(offered, method, metric)
family_panels.equations(papers, method)
family_panels.others(papers, offered)
cards.broken_runs([*broken, *damaged])
