"""What does each label read in a document?"""

from __future__ import annotations

import streamlit as st

from dashboard import (
    cards,
    choices,
    first_choice,
    inside_choices,
    inside_matrix,
    inside_panels,
    inside_state,
    state,
)

st.title("What does each label read in a document?", anchor=False)
found, broken = state.all_runs()
runs, damaged = inside_state.readable([run for run in found if inside_state.looks_at_tokens(run)])
broken += damaged

if not found:
    cards.nothing_yet()
elif not runs:
    st.info(
        "No finished run has labels that read documents for themselves. Train a method whose labels attend "
        "to tokens, or are compared with them (laco):",
        icon=":material/flag:",
    )
    st.code("workbench train lsfa-attention --corpus demo", language="bash")
else:
    _, chosen = choices.choose_compared(
        runs, lambda offered: first_choice.one_of_each(offered)[:1], inside_choices.AT_MOST_RUNS
    )
    given = inside_choices.choose_text(chosen[0]) if chosen else None
    if given is not None:
        read = inside_state.readings(chosen, given.words, given.gold)
        broken += read.broken
        if read.read:
            inside_panels.not_understood(read)
            codes = inside_choices.choose_labels(read, given.name) if read.attending else []
            if codes:
                inside_panels.shaded(read, codes)
                st.caption(inside_panels.LOOK_FOR)
            inside_matrix.matrices(read)
            st.subheader("Gold labels and the best ones" if given.gold else "The best labels", anchor=False)
            inside_panels.scores(read)
            if codes:
                inside_panels.tables(read, codes)

cards.broken_runs(broken)
