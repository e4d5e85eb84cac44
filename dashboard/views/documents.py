"""Where do documents lie, and does a method bring those together that share labels?"""

from __future__ import annotations

import streamlit as st

from dashboard import (
    cards,
    choices,
    documents_choices,
    documents_panels,
    documents_state,
    first_choice,
    state,
)

st.title("Where do documents lie?", anchor=False)
found, broken = state.all_runs()
runs = [run for run in found if documents_state.keeps_documents(run)]

if not found:
    cards.nothing_yet()
elif not runs:
    st.info(
        "No run has vectors of documents yet: they are written when training is done. Runs here: "
        f"{', '.join(run.name for run in found[:5])}.",
        icon=":material/flag:",
    )
else:
    offered, chosen = choices.choose_compared(
        runs, first_choice.baseline_and_method, documents_choices.AT_MOST
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        how = documents_choices.choose_map()
        kind = documents_choices.choose_kind(chosen or offered)

    asked = documents_state.maps(chosen, how)
    maps = documents_choices.until_ready(asked)
    broken += asked.broken
    if maps.points:
        picture = st.container()
        marked = documents_choices.find_document(maps)
        with picture:
            clicked = documents_panels.draw(maps, kind, marked)
        if len(clicked) > 1:
            documents_panels.selection(maps, clicked)
        elif clicked:
            documents_panels.document(maps, clicked[0])
        elif marked is not None:
            documents_panels.document(maps, marked)
        st.caption(f"{documents_panels.LOOK_FOR} {documents_panels.CAUTION[maps.how.method]}")
        documents_panels.numbers(maps)

cards.left_out(found, runs, "vectors of documents")
cards.broken_runs(broken)
