"""Do generated features of rare labels lie where real ones will?"""

from __future__ import annotations

import streamlit as st

from dashboard import (
    cards,
    choices,
    documents_choices,
    state,
    tail_feature_choices,
    tail_feature_panels,
    tail_feature_state,
)
from workbench.analysis.tail_features import keeps_features

st.title("Do generated features lie where real ones will?", anchor=False)
found, broken = state.all_runs()
runs = [run for run in found if run.status == "done" and keeps_features(run)]

if not found:
    cards.nothing_yet()
elif not runs:
    st.info(
        "No finished run has features of document-label pairs. Train a method that has such, with and "
        "without the contrast that shapes them:",
        icon=":material/flag:",
    )
    st.code("workbench train lsfa --corpus demo\nworkbench train lsfa-augment --corpus demo", language="bash")
else:
    _, chosen = choices.choose_compared(
        runs, tail_feature_choices.with_generated_first, tail_feature_choices.AT_MOST_RUNS
    )
    readable, damaged = tail_feature_state.features(chosen)
    broken += damaged
    if readable:
        codes = tail_feature_choices.choose_labels(list(readable.values()))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            how = documents_choices.choose_map()
        if codes:
            asked = tail_feature_state.maps(list(readable.values()), codes, how)
            broken += asked.broken
            maps = tail_feature_choices.until_ready(asked, codes)
            if maps.points:
                tail_feature_panels.draw(maps, codes)
        else:
            st.caption("Choose a label to see its features.")
        tail_feature_panels.numbers(list(readable.values()))

cards.broken_runs(broken)
