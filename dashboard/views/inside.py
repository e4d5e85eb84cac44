"""What do runs make of one document?"""

from __future__ import annotations

import streamlit as st

from dashboard import (
    cards,
    choices,
    first_choice,
    inside_choices,
    inside_edit,
    inside_neighbours,
    inside_panels,
    inside_predictions,
    inside_state,
    state,
)

st.title("What do runs make of one document?", anchor=False)
found, broken = state.all_runs()
runs = [run for run in found if inside_state.can_be_run(run)]

if not found:
    cards.nothing_yet()
elif not runs:
    st.info("No finished run has a model to look into. Train one:", icon=":material/flag:")
    st.code("workbench train lsfa-attention --corpus demo", language="bash")
else:
    _, picked = choices.choose_compared(
        runs, lambda offered: first_choice.one_of_each(offered)[:2], inside_choices.AT_MOST_RUNS
    )
    chosen, damaged = inside_state.readable(picked)
    broken += damaged
    given = inside_choices.choose_text(chosen[0]) if chosen else None
    if given is not None:
        inside_panels.text(given)
    if given is not None and inside_state.is_loaded(chosen):
        read = inside_state.readings(chosen, given.words, given.gold)
        broken += read.broken
        if read.read:
            tables = inside_state.verdicts(read)
            inside_predictions.not_understood(read)
            inside_predictions.predictions(read, tables)
            look = inside_choices.choose_look()
            if look == "tokens":
                inside_panels.tokens(read, given)
            elif look == "why":
                inside_predictions.why(read, tables)
            elif look == "edit":
                inside_edit.edited(read, given)
            else:
                inside_neighbours.neighbours(read, tables, given.words)

cards.broken_runs(broken)
