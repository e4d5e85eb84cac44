"""What the reader chooses on the page of similarity."""

from __future__ import annotations

import numpy as np
import streamlit as st

from dashboard import choices, similarity_state
from workbench.runs.store import Run

AT_MOST_RUNS, AT_MOST_LABELS = 2, 60
MEASURES = {"Jaccard": "jaccard", "Documents": "documents", "p(column | row)": "probability"}
"""What stands beside inner products of labels, and what `similarity_state.cells` calls it."""
SIZES = ("20", "60", "200")
_MOST_OFFERED = 20_000


def choose_labels(run: Run) -> tuple[list[int], str]:
    """The labels to draw, all where none is chosen, and a key of `MEASURES`."""
    measure = choices.segments("Beside inner products", list(MEASURES), "measured")
    named, counts = similarity_state.names(run), similarity_state.counts(run)[0].counts
    ranked = [label for label in np.argsort(-counts, kind="stable").tolist() if counts[label]]
    chosen = st.multiselect(
        "Labels (the most frequent first)",
        [named[label] for label in ranked[:_MOST_OFFERED]],
        key="labels",
        bind="query-params",
        wrap=True,
        max_selections=AT_MOST_LABELS,
        placeholder="All labels: type a part of a name to choose some",
    )
    place = {name: label for label, name in enumerate(named)}
    return [place[name] for name in chosen], measure


def choose_documents(run: Run) -> tuple[str, int]:
    """The words that documents must hold, if any, and how many are drawn."""
    has_texts = similarity_state.has_texts(run)
    where = "id, labels or text" if has_texts else "id or labels"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        size = choices.segments("Documents at most", list(SIZES), "size")
        sought = st.text_input(
            f"Only documents with these letters in their {where}:",
            key="sought",
            bind="query-params",
            placeholder="All documents",
        )
    if not has_texts:
        st.caption("The corpus of this run is not here as it was, so that texts cannot be searched.")
    return sought, int(size)
