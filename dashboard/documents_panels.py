"""The panels of the page of documents: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import documents_state
from dashboard.documents_state import Maps
from dashboard.documents_table import chosen_numbers, documents_table
from dashboard.download import offer_csv
from dashboard.kept_points import chart_of_points, heading
from dashboard.link import inside_address
from dashboard.map_jobs import NAMES
from dashboard.meanwhile import are_done
from dashboard.plain import plain, plain_sentences
from dashboard.text_box import text_box
from workbench.analysis.document_map import hover_texts, map_table, mistake_table
from workbench.analysis.documents import document_scores
from workbench.analysis.label_order import label_names
from workbench.errors import WorkbenchError
from workbench.figures.projection import HOVER_MOST, projection_figure
from workbench.runs.store import Run
from workbench.wording import how_many

LOOK_FOR = (
    "Look for documents that lie together in one run and are strewn in another: colour by one label, or by "
    "the rarest one. Then look where the mistakes are: at the rims, where labels meet, or in a heap apart."
)
_NO_DISTANCES = (
    "keeps neighbours together and little else: gaps between clusters, their sizes and where they lie mean "
    "little, and another seed gives another map. Trust what stays."
)
CAUTION = {
    "pca": "PCA is a shadow: documents are never farther apart on it than in the space, but those far apart "
    "in the space may fall on one spot.",
    "tsne": f"t-SNE {_NO_DISTANCES}",
    "umap": f"UMAP {_NO_DISTANCES}",
}
_IN_SPACE = "in the run's own space, not on the map"
_MAP = "documents"
_COLUMNS: dict[str, Any] = {
    "gold_labels": "gold labels",
    "label_text": "label",
    "train_count": st.column_config.NumberColumn("in training", help="Training documents with this label."),
    "agreement": st.column_config.NumberColumn(
        format="%.2f", help="Jaccard similarity of the two sets of gold labels."
    ),
    "distance": st.column_config.NumberColumn(format="%.3g"),
}


def draw(found: Maps, kind: tuple[str, str | None, str], marked: int | None) -> list[int]:
    """The maps; returns the numbers of the documents that the reader has clicked or encircled."""
    by, label, legend = kind
    first = found.documents[next(iter(found.points))]
    run = found.runs[next(iter(found.points))]
    is_small = len(first) * len(found.points) <= HOVER_MOST
    names = label_names(run.labels, run.label_texts)
    texts = hover_texts(first, names, with_labels=is_small)
    table = map_table(found.points, documents_state.kinds(found, by, label), texts)
    figure = projection_figure(table, found.how.method, legend, shares=found.shares, marked=marked)
    points = chart_of_points(figure, _MAP, (tuple(found.points), len(first)))
    offer_csv({"map": table.rename(columns={"text": "id_and_labels"})})
    if found.left_out:
        st.caption(f"Left out, for not all of these runs kept them: {how_many(found.left_out, 'document')}.")
    return chosen_numbers(points, len(first))


def numbers(found: Maps) -> None:
    """What no map can show: agreement of neighbours in the space, and how far to trust the map."""
    measured = documents_state.quality(found)
    if not are_done(list(measured.values()), "Looking at neighbours in the space and on the maps…"):
        return
    table = pd.DataFrame([{"run": name, **one.result()} for name, one in measured.items()])
    k, looked_at = int(table["neighbours"].max()), int(table["looked_at"].max())
    agreement = (
        f"Mean Jaccard similarity of a document's gold labels with those of its {k} nearest neighbours "
        f"{_IN_SPACE}: 1 when all have the same labels."
    )
    trust = (
        f"1 when the {k} neighbours of each document on the map are its neighbours in the space, about 0.5 "
        "for a random map (Venna & Kaski 2001)."
    )
    number = st.column_config.NumberColumn
    st.dataframe(
        table[["run", "documents", "agreement", "agreement_by_chance", "trustworthiness"]],
        hide_index=True,
        placeholder="–",
        column_config={
            "agreement": number("neighbours' label agreement", format="%.3f", help=agreement),
            "agreement_by_chance": number("by chance", format="%.3f", help="With documents drawn at random."),
            "trustworthiness": number(
                f"trustworthiness of this map ({NAMES[found.how.method]})", format="%.3f", help=trust
            ),
        },
    )
    if looked_at < table["documents"].max():
        st.caption(f"Measured at {how_many(looked_at, 'document')} drawn at random, among all of them.")
    offer_csv({"map-quality": table})


def selection(found: Maps, chosen: Sequence[int]) -> None:
    """Several documents: their texts and labels, what each run predicts, and its mistakes."""
    runs = [found.runs[name] for name in found.points]
    mistakes = mistake_table({run.name: found.documents[run.name] for run in runs}, chosen)
    heading(len(chosen), "document", _MAP)
    rows = found.documents[runs[0].name].rows[list(chosen)]
    documents_table(runs, rows.tolist(), "chosen-documents", mistakes)


def document(found: Maps, number: int) -> None:
    """One document: its text, its labels and scores, and its neighbours in each run."""
    runs = [found.runs[name] for name in found.points]
    first = found.documents[runs[0].name]
    row, identity, gold = int(first.rows[number]), str(first.ids[number]), first.gold[[number]].indices
    left, right = st.columns([2, 3], gap="medium")
    with left:
        st.subheader(f"Document {plain(identity)}", anchor=False)
        _text(runs[0], row, identity, [runs[0].labels[int(label)] for label in gold])
        is_marked = st.session_state.get("document") == identity
        words = "Circled in every map" if is_marked else "Circle it in every map"
        icon = ":material/trip_origin:"
        with st.container(horizontal=True):
            st.button(words, icon=icon, on_click=_mark, args=(identity,), disabled=is_marked)
            st.link_button("Open it inside", inside_address(runs, identity), icon=":material/open_in_new:")
    with right:
        st.caption("Its gold labels and the best ones of each run, with their scores")
        table = document_scores(runs, row, gold.astype(np.int64))
        scores = {f"{run.name} score": st.column_config.NumberColumn(run.name, format="%.3f") for run in runs}
        st.dataframe(table.drop(columns="label"), hide_index=True, column_config=_COLUMNS | scores)
    for column, run in zip(st.columns(len(runs)), runs, strict=True):
        column.caption(f"Nearest documents in **{run.name}** ({_IN_SPACE})")
        near = documents_state.neighbours(run, found.how, row)
        column.dataframe(near, hide_index=True, column_config=_COLUMNS)


def _text(run: Run, row: int, identity: str, gold: Sequence[str]) -> None:
    try:
        words = documents_state.text(run, row, identity, gold)
    except WorkbenchError as error:
        st.warning(f"Its text cannot be shown: {plain_sentences(error)}", icon=":material/broken_image:")
    else:
        text_box(words, 16)


def _mark(identity: str) -> None:
    st.session_state["document"] = identity
