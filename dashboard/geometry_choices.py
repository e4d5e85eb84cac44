"""What the reader chooses on the page of geometry, and the work that a choice may need first."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from dashboard import documents_choices, first_choice, geometry_state, map_jobs
from dashboard.documents_state import How
from dashboard.geometry_state import Geometries, Panel
from workbench.analysis.frequency_kinds import Bounds
from workbench.analysis.stage_vectors import TRAINED, moments
from workbench.runs.store import Run

AT_MOST = 6
_BOUNDS: dict[Bounds, str] = {"usual": "100 and 20", "paper": "the paper's"}
_SPACES = {"own": "each its own", "first": "those of the first"}
_MOMENTS = "moments"


def with_stages_first(runs: Sequence[Run]) -> list[Run]:
    """The newest run with vectors of several moments; else a baseline and a method."""
    staged = [run for run in runs if len(moments(run)) > 1]
    return staged[:1] or first_choice.baseline_and_method(runs)


def choose_panels(runs: Sequence[Run]) -> list[Panel]:
    """The runs at the moments of training that the reader picks, `AT_MOST` of them."""
    found = {moment for run in runs for moment in moments(run)}
    before = [moment for run in runs for moment in moments(run) if moment != TRAINED]
    offered = [*dict.fromkeys(before), *({TRAINED} & found)]
    kept = st.session_state.get(_MOMENTS)
    if kept is not None and not set(kept) <= set(offered):
        st.session_state[_MOMENTS] = [moment for moment in kept if moment in offered] or offered
    chosen = st.multiselect(
        "Moments of training", offered, default=offered, key=_MOMENTS, bind="query-params"
    )
    panels = [Panel(run, moment) for run in runs for moment in moments(run) if moment in chosen]
    if len(panels) > AT_MOST:
        st.caption(f"The first {AT_MOST} of {len(panels)} panels are drawn.")
    if runs and not panels:
        st.caption("Choose a moment to look at.")
    return panels[:AT_MOST]


def choose_view() -> tuple[How, bool, bool]:
    """How to lay documents out, whether in three dimensions, whether along the axes of the first panel."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        view = st.segmented_control(
            "Dimensions", ["3-D", "2-D"], default="3-D", key="dimensions", bind="query-params", required=True
        )
        how = documents_choices.choose_map()
        is_one_space = False
        if how.method == "pca":
            space = st.segmented_control(
                "Axes",
                list(_SPACES),
                format_func=_SPACES.__getitem__,
                default="own",
                key="axes",
                bind="query-params",
                required=True,
                help="PCA fitted to each panel, as in the paper, or to the first one and used for all, which "
                "makes moments of one run comparable.",
            )
            is_one_space = space == "first"
    in_three = view == "3-D" and how.method != "tsne"
    if view == "3-D" and not in_three:
        st.caption("t-SNE is laid out in two dimensions here.")
    if how.method == "umap" and in_three:
        how = How("umap", (*how.settings, ("dimensions", 3)))
    return how, in_three, is_one_space


def choose_bounds() -> Bounds:
    """Where head, mid and tail labels part."""
    chosen: Bounds = st.segmented_control(
        "Head and mid labels from",
        list(_BOUNDS),
        format_func=_BOUNDS.__getitem__,
        default="usual",
        key="bounds",
        bind="query-params",
        required=True,
        help="Training documents of a label: 100 and 20 as on the other pages, or the 3,000 and 1,000 of "
        "CL-MIL's Table 6 for AAPD's 55,840 documents, as the same share of this corpus.",
    )
    return chosen


def until_ready(asked: Geometries, panels: Sequence[Panel]) -> Geometries:
    """What can be drawn now; offers to compute what is missing."""
    wanted = tuple(dict.fromkeys(panel.moment for panel in panels))
    options = [word for moment in wanted for word in ("--moment", moment)]
    return map_jobs.until_ready(
        asked, lambda how: geometry_state.laid_out(panels, how), ("moments", wanted), options
    )
