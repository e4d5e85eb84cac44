"""What the reader chooses on the page inside a document: a text, and labels that read it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import inside_state
from dashboard.inside_state import Readings
from workbench.analysis.label_order import label_names
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

AT_MOST_RUNS, AT_MOST_LABELS = 2, 3
_LISTED = 500
_SOURCES = {"test": "a test document", "own": "a text of your own"}
_ANY = "any"
_LABELS, _PICKED = "shaded", "shaded_were_picked"


def choose_text(run: Run) -> tuple[str, list[str] | None] | None:
    """The text to look inside, with the codes of its gold labels where they are known; None for none yet."""
    source = st.segmented_control(
        "Look inside",
        list(_SOURCES),
        format_func=_SOURCES.__getitem__,
        default="test",
        key="inside",
        bind="query-params",
        required=True,
    )
    if source == "own":
        words = st.text_area(
            "Text", key="own_text", placeholder="Write or paste a document here.", height=140
        )
        return (words, None) if words.strip() else None
    row = _choose_document(run)
    if row is None:
        return None
    gold = [run.labels[label] for label in inside_state.tested(run)["gold_labels"].iloc[row]]
    try:
        return inside_state.text(run, row), gold
    except WorkbenchError as error:
        st.warning(f"Its text cannot be shown: {error}", icon=":material/broken_image:")
        return None


def choose_labels(found: Readings) -> list[str]:
    """The codes of the labels whose reading is shown; at first the rarest and the commonest gold label."""
    run, reading = next((found.runs[name], found.read[name]) for name in found.read)
    names = label_names(run.labels, run.label_texts)
    gold = [run.labels.index(code) for code in found.gold or [] if code in run.labels]
    best = np.argsort(-reading.scores, kind="stable").tolist()
    offered = {names[label]: run.labels[label] for label in dict.fromkeys([*gold, *best])}
    counts = run.train_counts
    by_count = sorted(gold, key=lambda label: counts[label]) or best[:2]
    at_first = [names[label] for label in dict.fromkeys([by_count[0], by_count[-1]])]
    if _LABELS in st.session_state and not (
        st.session_state.get(_PICKED, False) or _LABELS in st.query_params
    ):
        st.session_state.pop(_LABELS)  # nobody chose them: they were the last document's
    chosen: list[str] = st.multiselect(
        "Labels that read it (gold ones first, then by score)",
        list(offered),
        default=at_first,
        key=_LABELS,
        bind="query-params",
        max_selections=AT_MOST_LABELS,
        on_change=_note_pick,
    )
    return [offered[name] for name in chosen]


def _choose_document(run: Run) -> int | None:
    """The row of the test document that the reader picks from a list, or names by its id."""
    documents = inside_state.tested(run)
    names = label_names(run.labels, run.label_texts)
    left, right = st.columns([2, 3])
    with left:
        wanted = st.selectbox(
            "With the gold label", [_ANY, *_by_count(run, names)], key="gold", bind="query-params"
        )
    rows = np.arange(len(documents)) if wanted == _ANY else _with_label(documents, names.index(wanted))
    shown = rows[:_LISTED]
    titles = {str(documents["id"].iloc[row]): _title(documents, int(row), names) for row in shown}
    with right:
        more = f" (of {len(rows):,} the first {len(shown)} are listed)" if len(rows) > len(shown) else ""
        identity = st.selectbox(
            f"Document{more}; or type its id",
            list(titles),
            format_func=lambda one: titles.get(one, one),
            key="document",
            bind="query-params",
            accept_new_options=True,
            placeholder="No test document has this label",
        )
    places = np.flatnonzero(documents["id"].astype(str).to_numpy() == identity)
    if identity is not None and not len(places):
        st.caption(f"No test document has the id {identity!r}.")
    return int(places[0]) if len(places) else None


def _by_count(run: Run, names: Sequence[str]) -> list[str]:
    """The names of all labels, the most frequent in training first."""
    return [names[label] for label in np.argsort(-run.train_counts, kind="stable")]


def _with_label(documents: pd.DataFrame, label: int) -> np.ndarray:
    return np.flatnonzero([label in set(gold) for gold in documents["gold_labels"]])


def _title(documents: pd.DataFrame, row: int, names: Sequence[str]) -> str:
    gold = [names[label] for label in documents["gold_labels"].iloc[row]]
    return f"{documents['id'].iloc[row]}: {', '.join(gold) or 'no gold label'}"


def _note_pick() -> None:
    st.session_state[_PICKED] = True
