"""Does a term borrowed from another paper help, against both parents?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, mixture_panels, mixture_state, state

st.title("Does a borrowed term help?", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound([run for run in found if run.status == "done"], "metrics")
broken += damaged
mixtures = mixture_state.mixtures(runs)

if not found:
    cards.nothing_yet()
elif not runs:
    st.info("No run is finished yet: there is nothing to compare.", icon=":material/flag:")
elif not mixtures:
    mixture_panels.none_yet(runs)
else:
    chosen, metrics = mixture_panels.choose(mixtures)
    if chosen and metrics:
        broken += mixture_panels.compared(chosen, metrics, runs)
    else:
        st.caption("Choose a mixture and a metric to look at.")
    mixture_panels.opened(chosen)

cards.broken_runs(broken)
