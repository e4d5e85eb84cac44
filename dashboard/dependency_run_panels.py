"""F1 along label frequency, speed of learning, and ranks over corpora, for the page of label dependency."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from dashboard import dependency_state, panels, state
from dashboard.dependency_panels import methods_of
from dashboard.download import chart, offer_csv
from workbench.analysis.compared_settings import ranks_over_corpora, settings_by_split
from workbench.analysis.comparison import metric_names, run_table
from workbench.analysis.convergence import (
    convergence_table,
    scores_and_loss,
    solved_at_once,
    validation_metrics,
    without_seconds,
)
from workbench.analysis.frequency_f1 import METRICS
from workbench.figures.critical_difference import critical_difference_figure
from workbench.figures.curves import AXES, curve_figure
from workbench.figures.frequency_f1 import frequency_f1_figure
from workbench.runs.store import Run
from workbench.wording import how_many

_F1_MEANINGS = {
    "macro_F1": "macro_F1: the mean of the labels' F1, where a label that no test document has counts 0 too.",
    "macro_F1_gold": "macro_F1_gold: the mean F1 of the labels that some test document has.",
    "micro_F1": "micro_F1: F1 of the group's labels counted together, so that frequent ones weigh more.",
}
_OVER = ("step", "wall_time_s")
_FIRST_SCORES = ("micro_F1", "nDCG@5", "macro_F1")
_FIRST_RANKED = ("micro_F1", "macro_F1", "nDCG@5")


def groups(runs: Sequence[Run]) -> None:
    """F1 of groups of labels from frequent to rare, settings side by side."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        metric = st.segmented_control(
            "F1", METRICS, default=METRICS[0], key="f1", bind="query-params", required=True
        )
        number = st.slider("Groups", 2, 10, 4, key="groups", bind="query-params", width=240)
    table, over = dependency_state.groups(runs, number, metric)
    chart(frequency_f1_figure(over, metric), "frequency-groups")
    lines = " Thin lines are one standard deviation over seeds." if over["std"].notna().any() else ""
    st.caption(
        f"{_F1_MEANINGS[metric]} Groups have nearly as many labels each, frequent ones on the left; "
        "under them stand the training documents of a label, from most to least, and how many labels. Look "
        "to the right: a method that learns which labels come together should lose less on rare "
        f"ones.{lines}"
    )
    offer_csv({"frequency-groups": table, "frequency-groups-over-seeds": over})


def convergence(runs: Sequence[Run]) -> None:
    """A validation score and the training loss over steps or seconds."""
    curves = state.curves(runs)
    metrics = validation_metrics(curves)
    if not metrics:
        st.info("No score on validation documents was kept while these runs were trained.")
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        first = next((name for name in _FIRST_SCORES if name in metrics), metrics[0])
        metric = st.selectbox(
            "Score", metrics, metrics.index(first), key="score", bind="query-params", width=220
        )
        over = st.segmented_control(
            "Over",
            _OVER,
            format_func=AXES.__getitem__,
            default="step",
            key="over",
            bind="query-params",
            required=True,
        )
    shown = scores_and_loss(curves, metric)
    without = without_seconds(shown)
    if over == "wall_time_s" and without:
        shown = shown[~shown["run"].isin(without)]
    if without:
        st.caption(f"Kept no seconds, and so drawn over steps only: {', '.join(without)}.")
    chart(curve_figure(shown, methods_of(runs), [metric, "loss"], over=over), "convergence")
    st.caption(
        f"Left: {metric} on validation documents. Right: the training loss; its terms differ by method, so "
        "that its shape can be compared and its height cannot. Look for the line that rises first. Seconds "
        "count from the beginning of training, validation included, and compare on one machine only."
    )
    panels.about_f1([metric])
    _speed(curves, metric)


def _speed(curves: pd.DataFrame, metric: str) -> None:
    table = convergence_table(curves, metric)
    target = table["target"].iloc[0]
    st.dataframe(
        table.drop(columns="target"),
        hide_index=True,
        column_config={
            "best": st.column_config.NumberColumn(f"best {metric}", format="%.4f"),
            "best_step": st.column_config.NumberColumn("at step", format="%d"),
            "best_s": st.column_config.NumberColumn("after s", format="%.0f"),
            "target_step": st.column_config.NumberColumn(f"at {target:.4f}: step", format="%d"),
            "target_s": st.column_config.NumberColumn("after s ", format="%.0f"),
        },
    )
    st.caption(
        f"{target:.4f} is the highest score that every run here reaches; fewer steps to it are faster."
    )
    if solved := solved_at_once(curves):
        st.caption(f"Solved at once, in one step that compares with no other: {', '.join(solved)}.")
    offer_csv({"convergence": table})


def ranks(runs: Sequence[Run]) -> None:
    """Average ranks of settings over corpora, and which of them cannot be told apart."""
    table = run_table(runs)
    metrics = [name for name in metric_names(table) if table[name].notna().any()]
    if not metrics:
        st.info("No finished run has test metrics yet.")
        return
    first = next((name for name in _FIRST_RANKED if name in metrics), metrics[0])
    with st.container(horizontal=True, vertical_alignment="bottom"):
        metric = st.selectbox(
            "Metric", metrics, metrics.index(first), key="ranked", bind="query-params", width=220
        )
        splits = list(dict.fromkeys(table["split_id"]))
        picked = st.multiselect(
            "Corpora and splits", splits, default=splits, key="splits", bind="query-params", wrap=True
        )
    chosen = [run for run in runs if run.split_id in picked]
    values = settings_by_split(table[table["split_id"].isin(picked)], metric)
    found = ranks_over_corpora(chosen, [metric]).get(metric) if chosen else None
    if found is None:
        _what_is_missing(values)
    else:
        methods = dict(zip(table["setting"], table["method"], strict=True))
        chart(
            critical_difference_figure(
                found.ranks, found.critical_difference, found.groups, found.blocks, methods
            ),
            "critical-difference",
        )
        said = f"chi-square {found.statistic:.3f}, " if found.statistic == found.statistic else ""
        st.caption(
            "Settings that a bar joins are not told apart (Nemenyi's test, 5 %). Friedman's test that all "
            f"are alike: {said}p = {found.p:.3g}. Each corpus ranks the means over seeds; settings that some "
            "of these corpora lack are left out. With few corpora only large differences can show."
        )
    offer_csv({"ranks": values.reset_index()})


def _what_is_missing(values: pd.DataFrame) -> None:
    have = [f"- {split}: {how_many(int(row.notna().sum()), 'setting')}" for split, row in values.iterrows()]
    common = int(values.notna().all(axis=0).sum()) if len(values) else 0
    st.info(
        "Ranks need three settings or more that were each trained on two corpora or more. Here:\n\n"
        + "\n".join(have)
        + f"\n\nIn common: {how_many(common, 'setting')}. Leave out a corpus that lacks settings, or train "
        "them there: `workbench train METHOD --corpus NAME`.",
        icon=":material/leaderboard:",
    )
