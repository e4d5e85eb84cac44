"""What the reader chooses on the page of documents, and the work that a choice may need first."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard import documents_state, map_jobs
from dashboard.choices import forget_unless_offered
from dashboard.documents_state import How, Maps
from dashboard.map_jobs import NAMES
from dashboard.plain import plain
from workbench.analysis.label_order import label_names
from workbench.runs.store import Run

AT_MOST = 4
KINDS = {
    "group": ("rarest label", "Rarest gold label"),
    "label": ("one label", "Label"),
    "errors": ("wrong labels", "Labels missed or wrongly predicted"),
    "missed": ("missed labels", "Gold labels missed"),
    "first": ("best label", "Label of the highest score"),
}
_ATTRACTING = [5, 10, 15, 30, 50, 100]


def choose_map() -> How:
    """The method, and the one setting of it that matters most."""
    method = st.segmented_control(
        "Map",
        list(NAMES),
        format_func=NAMES.__getitem__,
        default="pca",
        key="map",
        bind="query-params",
        required=True,
    )
    settings: dict[str, float | bool] = {}
    if method == "tsne":
        settings["perplexity"] = _attracting(
            "Perplexity",
            30,
            "About how many neighbours attract a document; at most a third of the documents.",
        )
    if method == "umap":
        settings["neighbours"] = _attracting(
            "Neighbours", 15, "How many neighbours attract a document, itself among them."
        )
    scaled = "Each vector is scaled to length 1."
    if st.toggle("Directions only", key="directions", bind="query-params", help=scaled):
        settings["unit_length"] = True
    return How(method, tuple(settings.items()))


def _attracting(title: str, first: int, meaning: str) -> int:
    return st.selectbox(
        title,
        _ATTRACTING,
        _ATTRACTING.index(first),
        key=title.lower(),
        bind="query-params",
        width=130,
        help=meaning,
    )


def choose_kind(runs: Sequence[Run]) -> tuple[str, str | None, str]:
    """What to colour by: a key of `KINDS`, a label's code where it takes one, and the legend's title."""
    by = st.segmented_control(
        "Colour by",
        list(KINDS),
        format_func=lambda kind: KINDS[kind][0],
        default="group",
        key="colour",
        bind="query-params",
        required=True,
    )
    if by != "label":
        return by, None, KINDS[by][1]
    first, shared = runs[0], set.intersection(*(set(run.labels) for run in runs))
    names = label_names(first.labels, first.label_texts)
    ranked = np.argsort(-first.train_counts, kind="stable").tolist()
    offered = {names[label]: first.labels[label] for label in ranked if first.labels[label] in shared}
    forget_unless_offered("label", list(offered))
    name = st.selectbox("Label", list(offered), key="label", bind="query-params")
    return by, offered[name], name


def find_document(found: Maps) -> int | None:
    """The number of the document whose id the reader types, to be circled in every map."""
    sought = st.text_input(
        "Click a document to read it, draw around several with the lasso (in the bar above the map) to list "
        "them, or find one by its id:",
        key="document",
        bind="query-params",
        placeholder="id",
    ).strip()
    number = found.number_of(sought)
    if sought and number is None:
        st.caption(f"No document '{plain(sought)}' is among those drawn.")
    return number


def until_ready(asked: Maps) -> Maps:
    """What can be drawn now; offers to compute what is missing."""
    runs = list(asked.runs.values())
    return map_jobs.until_ready(asked, lambda how: documents_state.maps(runs, how), "documents")
