"""What is here, and how does one begin?"""

from __future__ import annotations

import streamlit as st

from dashboard import cards, state
from dashboard.glance import dot_plot
from workbench.analysis.comparison import metric_names, metric_table, over_seeds, run_table

FIRST = ("nDCG@5", "P@1", "macro_F1", "PSP@1")

st.title("Multi-label text classification, side by side", anchor=False)
found, broken = state.all_runs()
runs, damaged = state.sound(found, "metrics")
broken += damaged
finished = [run for run in runs if run.status == "done"]

if finished:
    table = run_table(finished)
    table = table[table["split_id"] == table["split_id"].iloc[0]].dropna(axis="columns", how="all")
    offered = [name for name in FIRST if name in metric_names(table)] or metric_names(table)
    title, choice = st.columns([3, 2], vertical_alignment="bottom")
    title.subheader(f"Newest split: {table['split_id'].iloc[0]}", anchor=False)
    metric = choice.segmented_control(
        "Test metric", offered, default=offered[0], key="metric", bind="query-params", required=True
    )
    st.html(dot_plot(over_seeds(table, [metric]), metric_table(table, [metric]), metric))
    st.caption(
        "Large marks are means over seeds with their standard deviation, small dots single runs. "
        "Only runs tested on the very same documents are drawn together; more under **Runs**."
    )
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
