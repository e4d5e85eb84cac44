"""Label groups, learning curves, spectra and landscapes of chosen runs, for the page of comparison.

The pictures are those of the other pages, on axes that all chosen runs share.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import (
    cards,
    landscape_choices,
    landscape_panels,
    landscape_state,
    panels,
    spectra_panels,
    state,
)
from dashboard.download import chart, offer_csv
from workbench.analysis.floor import FLOOR, with_floors
from workbench.analysis.groups import group_metrics, group_table
from workbench.figures.group_bars import group_bars
from workbench.runs.store import Run

_PLANE = "random"


def groups(runs: Sequence[Run], offered: Sequence[Run]) -> None:
    """A metric for frequent, middling and rare labels apart, as bars, and the floor as a line."""
    runs = with_floors(runs, offered)
    metrics = group_metrics(runs)
    if not metrics:
        st.info("No chosen run has metrics by label group.")
        return
    first = "macro_F1" if "macro_F1" in metrics else metrics[0]
    metric = st.selectbox(
        "Metric", metrics, metrics.index(first), key="group_metric", bind="query-params", width=260
    )
    table = group_table(runs, metric)
    chart(group_bars(table, metric, FLOOR), "group-bars")
    st.caption(
        "Head labels have at least 100 training documents, mid ones 20, tail ones fewer; unseen ones none. "
        "Look whether the run that leads on the left still leads on the right: an average over all labels "
        "hides it."
    )
    cards.floor(runs)
    offer_csv({"group-bars": table})


def curves(runs: Sequence[Run], offered: Sequence[Run]) -> None:
    """Loss terms and metrics over training."""
    readable, broken = state.sound(runs, "history")
    if readable:
        panels.draw_curves(readable)
    cards.broken_runs(broken)


def spectra(runs: Sequence[Run], offered: Sequence[Run]) -> None:
    """How diverse the label embeddings are."""
    having = [run for run in runs if state.EMBEDDINGS in run.array_names]
    if having:
        cards.broken_runs(spectra_panels.spectra(having))
    cards.left_out(runs, having, "label embeddings")


def landscapes(runs: Sequence[Run], offered: Sequence[Run]) -> None:
    """How flat the loss is around what each run found, for those that have been probed."""
    pairs, without, broken = landscape_state.landscapes(runs, _PLANE)
    if pairs:
        alike = landscape_choices.choose_alike(pairs)
        landscape_panels.draw_contours([one for _, one in alike], landscape_choices.choose_height())
    landscape_choices.how_to_compute(without, _PLANE, is_first=not pairs)
    cards.broken_runs(broken)
