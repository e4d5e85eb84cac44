"""How far along the tail does a method help, and what would repeating documents do instead?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, choices, first_choice, state, tail_label_panels, tail_label_state
from workbench.analysis.floor import with_floors

st.title("How well are rare labels found?", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound([run for run in found if run.status == "done"], "metrics")
broken += damaged

if not found:
    cards.nothing_yet()
elif not runs:
    st.info("No run is finished yet: there are no scores to look at.", icon=":material/flag:")
else:
    offered, chosen = choices.choose_compared(runs, first_choice.one_of_each)
    good, damaged = tail_label_state.readable(with_floors(chosen, offered))
    broken += damaged
    if good:
        tail_label_panels.bins(good)
        tail_label_panels.on_the_tail(good)
        tail_label_panels.augmentation(good[0])

cards.broken_runs(broken)
