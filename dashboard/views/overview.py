"""What is here, and how does one begin?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, state
from dashboard.glance import dot_plot
from workbench.analysis.floor import floor_setting, with_floors
from workbench.analysis.records import metrics_of, run_records, spreads

FIRST = ("nDCG@5", "P@1", "macro_F1", "PSP@1")

st.title("Multi-label text classification, side by side", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound(found, "metrics")
broken += damaged
finished = [run for run in runs if run.status == "done"]

if finished:
    newest = finished[0]
    alike = [run for run in finished if state.are_alike(run, newest)]
    shown = with_floors(alike, finished)
    records = run_records(shown)
    measured = metrics_of(records)
    offered = [name for name in FIRST if name in measured] or measured
    title, choice = st.columns([3, 2], vertical_alignment="bottom")
    title.subheader(f"Newest split: {newest.split_id}", anchor=False)
    metric = choice.segmented_control(
        "Test metric", offered, default=offered[0], key="metric", bind="query-params", required=True
    )
    floor = floor_setting(shown, {record["run"]: record["setting"] for record in records})
    st.html(dot_plot(spreads(records, metric), metric, floor))
    st.caption(
        "Look for methods right of the dashed line by more than their bars are wide. Large marks are means "
        "over seeds with their standard deviation, small dots single runs. "
        "Only runs tested on the very same documents are drawn together; more under **Runs**."
    )
    cards.floor(shown)
else:
    cards.nothing_yet()

cards.counts(runs, broken)
left, right = st.columns(2, gap="large")
with left:
    cards.how_to_start()
    cards.corpora()
with right:
    cards.methods(runs)
cards.broken_runs(broken)
