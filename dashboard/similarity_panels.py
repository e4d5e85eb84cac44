"""The panels of the page of similarity: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import similarity_choices, similarity_state
from dashboard.download import chart, offer_csv
from workbench.analysis.similar_pairs import PERMUTATIONS
from workbench.analysis.similarity import DOCUMENTS_AT_MOST, LABELS_AT_MOST, TEST
from workbench.figures.similarity import (
    pair_scatter,
    similarity_cell,
    similarity_figure,
    similarity_width,
    title_lines,
)
from workbench.runs.store import Run
from workbench.wording import how_many

_ROOM = {2: 455, 3: 292}
"""Of each of so many pictures in pixels: so many fit beside each other into a window of 1,400."""
PRODUCT = "inner product"
_NUMBER: Any = st.column_config.NumberColumn
_CORRELATION = (
    "Spearman's rank correlation of inner products and Jaccard similarities over pairs; 1: same order."
)
_P = (
    f"Mantel's test, one-sided: the share of {PERMUTATIONS:,} random orders of labels that correlate as well."
)
_COLUMNS: dict[str, Any] = {
    "correlation": _NUMBER("rank correlation", format="%.3f", help=_CORRELATION),
    "chosen": _NUMBER("of the chosen labels", format="%.3f", help="The same, over pairs of chosen labels."),
    "p": _NUMBER("p", format="%.3f", help=_P),
    "pairs": _NUMBER("pairs", format="localized"),
    "mean_product": _NUMBER(
        "mean inner product", format="%.3f", help="Near 1, all vectors crowd in one narrow cone."
    ),
}
_PAIR: dict[str, Any] = {
    "label_a": "label",
    "label_b": "and",
    "gap": _NUMBER(
        "gap of ranks",
        format="%+.2f",
        help="The pair's place by inner product above its place by Jaccard, as a share of all pairs.",
        width=98,
    ),
    "product": _NUMBER("inner product", format="%.3f", width=104),
    "jaccard": _NUMBER("Jaccard", format="%.3f", width=72),
    "together": _NUMBER("both", format="localized", help="Documents with both labels.", width=56),
    "documents_a": _NUMBER("first", format="localized", help="Documents with the first label.", width=56),
    "documents_b": _NUMBER("second", format="localized", help="Documents with the second label.", width=68),
}
_SHARES = {
    "identical": ("identical label sets", "Pairs whose gold labels are the very same."),
    "common": ("a label in common", "Pairs with at least one gold label in common."),
    "found": ("of all identical pairs", "How many of all pairs with identical label sets these are."),
}


def labels(runs: Sequence[Run]) -> None:
    """Inner products of labels beside what they have in common, as cells, numbers and dots."""
    chosen, measure = similarity_choices.choose_labels(runs[0])
    drawn = [similarity_state.cells(run, runs[0], chosen) for run in runs]
    first, key = drawn[0], similarity_choices.MEASURES[measure]
    beside = {
        "Jaccard": first.numbers["jaccard"],
        "documents with both": first.numbers["documents"].astype(np.float32),
    }
    if key == "probability":
        beside = {measure: first.numbers["probability"]} | beside
    if key == "documents":
        beside = dict(reversed(beside.items()))
    products = {run.name: one.numbers["product"] for run, one in zip(runs, drawn, strict=True)}
    _pictures(products, beside, first.names, "labels, in one order")
    _say_what_labels(runs[0], first)
    _say_where_counted(runs)
    if similarity_state.are_ranked(runs):
        _label_numbers(runs, chosen)
        if len(first.names) > 1:
            _disagreement(runs)


def _pictures(
    products: Mapping[str, np.ndarray], beside: Mapping[str, np.ndarray], names: list[str], axis: str
) -> None:
    """A picture a run, then the first of `beside`; each in a room of its own, which a narrow page stacks."""
    told = {(PRODUCT if len(products) == 1 else f"{PRODUCT}, {run}"): one for run, one in products.items()}
    title, shown = next(iter(beside.items()))
    cell = similarity_cell(len(names), _ROOM[len(products) + 1])
    titles = {run: f"{PRODUCT}<br>{run}" for run in products}
    look: dict[str, Any] = {"cell": cell, "logarithmic": ["documents with both"]}
    look["lines"] = title_lines([*titles.values(), title], len(names), cell)
    with st.container(horizontal=True, gap="small"):
        for run, values in products.items():
            others = {name: one for name, one in (told | dict(beside)).items() if one is not values}
            figure = similarity_figure({titles[run]: values}, names, axis, others, **look)
            with st.container(width=max(280, similarity_width(len(names), cell))):
                chart(figure, f"similarity-{run}")
        others = told | {name: one for name, one in beside.items() if one is not shown}
        figure = similarity_figure({title: shown}, names, axis, others, **look)
        with st.container(width=max(280, similarity_width(len(names), cell))):
            chart(figure, "similarity-in-common")


def _say_what_labels(run: Run, drawn: similarity_state.Cells) -> None:
    if len(drawn.names) < 2:
        return
    all_labels = len(run.labels)
    found, counted_in = similarity_state.counts(run)
    known = int((found.counts > 0).sum())
    blocks = (
        f" {drawn.labels:,} labels share {len(drawn.names)} rows here: each is a block of labels next to "
        "each other, and a cell is the mean over pairs of two blocks; choose labels to see them singly."
        if drawn.labels > len(drawn.names)
        else ""
    )
    unseen = f" Left out: {how_many(all_labels - known, 'label')} of no such document."
    st.caption(
        "Look for squares along the diagonal of the last picture, labels that occur together in the "
        f"{counted_in} documents of **{run.name}**, and whether they have as much ink before it. "
        "Bands of full ink are often rare labels, whose vectors training has hardly told apart. Each "
        f"picture has a colour scale of its own.{blocks}{unseen if known < all_labels else ''}"
    )


def _say_where_counted(runs: Sequence[Run]) -> None:
    without = [run.name for run in runs if similarity_state.counts(run)[1] == TEST]
    if without:
        st.caption(
            f"The corpus of {' and '.join(without)} is not here as it was: labels are counted in the gold "
            "labels of test documents, instead of those of training."
        )


def _label_numbers(runs: Sequence[Run], chosen: Sequence[int]) -> None:
    table = similarity_state.correlations(runs, chosen)
    columns = ["run", "labels", "pairs", "correlation", *(["chosen"] if "chosen" in table else [])]
    st.dataframe(
        table[[*columns, "p", "mean_product"]], hide_index=True, placeholder="–", column_config=_COLUMNS
    )
    if table["correlation"].isna().any():
        st.caption(
            "A dash: there is no rank correlation where there are fewer than three labels, all inner "
            "products are the same, or no two labels occur together."
        )
    elif table["p"].isna().any():
        drawn = f", of {LABELS_AT_MOST:,} drawn labels" if (table["labels"] == LABELS_AT_MOST).any() else ""
        st.caption(f"Over all pairs{drawn}; no p-value, for so many labels are not permuted.")
    offer_csv({"rank-correlation": table})


def _disagreement(runs: Sequence[Run]) -> None:
    table = similarity_state.label_pairs(runs)
    methods = {run.name: str(run.manifest.get("method", "?")) for run in runs}
    st.subheader("Which pairs disagree most?", anchor=False)
    chart(pair_scatter(table, methods), "label-pairs")
    dots = similarity_state.dots_of_each(runs)
    each = " of each run" if len(runs) > 1 else ""
    others = (~table["is_furthest"]).groupby(table["run"]).sum().max()
    some = f" {dots:,} pairs{each} are drawn at random beside them." if others == dots else ""
    st.caption(
        "Each dot is a pair of labels: they rise to the right where vectors follow co-occurrence. Rings are "
        "the pairs of the table: above, those that lie closer than they occur together, then those that lie "
        f"too far apart.{some}"
    )
    furthest = table[table["is_furthest"]]
    for run in runs:
        if len(runs) > 1:
            st.caption(f"**{run.name}**")
        mine = furthest.loc[furthest["run"] == run.name, list(_PAIR)]
        st.dataframe(mine, hide_index=True, column_config=_PAIR, height=280)
    offer_csv({"label-pairs": lambda: table})


def documents(runs: Sequence[Run]) -> None:
    """Inner products of test documents beside the labels that they have in common."""
    sought, size = similarity_choices.choose_documents(runs[0])
    drawn = similarity_state.drawn_documents(runs, sought, size)
    if len(drawn.names) < 2:
        st.info(
            f"{how_many(drawn.matching, 'document')} with a label found: pairs need two. Look for fewer "
            "letters.",
            icon=":material/search:",
        )
    else:
        beside = {"Jaccard of gold labels": drawn.jaccard, "labels in common": drawn.shared}
        _pictures(drawn.products, beside, drawn.names, "test documents")
        st.caption(
            "Look for squares of full ink, documents that the model takes for alike, and whether they are "
            f"full in the last picture too: the same gold labels. Drawn: {len(drawn.names):,} of the "
            f"{how_many(drawn.matching, 'test document')} with labels"
            f"{' that hold these letters' if sought.strip() else ''}, in the order of clusters of "
            f"**{runs[0].name}**; under the pointer are their labels."
        )
    for run in runs:
        _identity(run)


def _identity(run: Run) -> None:
    table, about = similarity_state.identical(run)
    st.subheader(f"Have documents that lie close the same labels? {run.name}", anchor=False)
    if not about["pairs"]:
        st.info("This run kept vectors of fewer than two documents with labels.")
        return
    value = "none, as all are the same" if about["correlation"] is None else f"{about['correlation']:.3f}"
    drawn = " drawn at random" if about["documents"] == DOCUMENTS_AT_MOST else ""
    st.markdown(
        f"Rank correlation of inner products and Jaccard similarities: **{value}**, over {about['pairs']:,} "
        f"pairs of {how_many(about['documents'], 'document')}{drawn}; mean inner product "
        f"{about['mean_product']:.3f}."
    )
    shown = table.assign(**{name: 100 * table[name] for name in _SHARES})
    bounds = ["any (by chance)" if np.isnan(one) else f"{one:g} or more" for one in table["at_least"]]
    shown.insert(0, "inner_product", bounds)
    st.dataframe(
        shown.drop(columns="at_least"),
        hide_index=True,
        placeholder="–",
        column_config={
            "inner_product": "inner product",
            "pairs": _NUMBER("pairs", format="localized"),
            **{name: _NUMBER(title, format="%.1f %%", help=told) for name, (title, told) in _SHARES.items()},
        },
    )
    st.caption(
        "The SEP-MLDC paper finds label sets identical from 0.8 on, in a picture of ten documents. Read the "
        "row of 0.8: how many such pairs have identical sets, and against the first row, what chance gives."
    )
    offer_csv({f"identical-sets-{run.name}": _long(table, about)})


def _long(table: pd.DataFrame, about: Mapping[str, Any]) -> pd.DataFrame:
    return table.assign(documents=about["documents"], rank_correlation=about["correlation"])
