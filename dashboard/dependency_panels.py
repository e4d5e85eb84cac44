"""The pictures of label pairs and label combinations: computed by workbench.analysis, drawn by figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import dependency_state
from dashboard.download import chart, offer_csv
from dashboard.plain import plain_sentences
from workbench.analysis.label_order import ORDERS
from workbench.analysis.label_pairs import SMOOTHING, TRAINING, pair_differences
from workbench.errors import WorkbenchError
from workbench.figures.combinations import combination_figure
from workbench.figures.label_pairs import PICTURES, divergence_figure, pair_figure, pair_width
from workbench.runs.store import Run
from workbench.wording import how_many, is_are

_SIZES = (12, 20, 40, 80)
_AT_FIRST = 20
_SIDE_BY_SIDE = "Side by side"
_CELLS = {12: (13.6, 28.0), 20: (8.6, 22.0), 40: (8.4, 15.0), 80: (5.0, 8.0)}
"""The side of a cell in pixels for up to so many labels: three pictures beside each other, and one alone.

Up to 20 labels all three fit into a window of 1,280 pixels; of more, each fits into one of 800.
"""
_IN_A_ROW = 20
"""Up to so many labels the first picture of a row has the names of the others' rows too."""
_NUMBER: Any = st.column_config.NumberColumn
_SETS: dict[str, Any] = {
    "name": st.column_config.TextColumn("label sets of", pinned=True),
    "subset_accuracy": _NUMBER("whole set right", format="percent", width=112),
    "combinations": _NUMBER(format="localized", width=104),
    "seen": _NUMBER("seen", format="localized", help="Combinations that training has.", width=64),
    "unseen": _NUMBER("never seen", format="localized", help="Those that it has not.", width=88),
    "documents_unseen": _NUMBER(
        "on documents", format="localized", help="Documents with a combination never seen.", width=104
    ),
    "documents_empty": _NUMBER(
        "without labels", format="localized", help="Documents without any label.", width=108
    ),
}


def label_pairs(runs: Sequence[Run]) -> None:
    """p(b | a) among gold and among predicted label sets of one run, and how far each run is from gold."""
    run, number, order, picture = _choices(runs)
    arrays, names = dependency_state.pairs(run, number, order)
    _pictures(arrays, names, picture, next(size for size in _SIZES if number <= size))
    never = int(np.isnan(arrays["predicted"]).all(axis=1).sum()) if len(names) > 1 else 0
    without = (
        f" Rows without ink: {how_many(never, 'label')} that {is_are(never)} never predicted."
        if never
        else ""
    )
    if len(names) > 1:
        st.caption(
            f"**{run.name}**, on its test documents: the {len(names)} labels that come with most others, in "
            "one order in all pictures. Each cell is p(b | a), the share of the documents with label a that "
            "have b too. In the difference, look for blue, pairs that the run misses, and for orange, pairs "
            f"that it overdoes.{without}"
        )
    table = _divergences(runs)
    offer_csv({"label-pairs": pair_differences(arrays, names), "divergence": table})


def _choices(runs: Sequence[Run]) -> tuple[Run, int, str, str]:
    named = {run.name: run for run in runs}
    labels = len(runs[0].labels)
    enough = next((size for size in _SIZES if size >= labels), _SIZES[-1])
    sizes = [size for size in _SIZES if size <= enough]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("Pictures of", list(named), key="pictured", bind="query-params", width=300)
        number = st.segmented_control(
            "Labels at most",
            sizes,
            default=_AT_FIRST if _AT_FIRST in sizes else sizes[-1],
            key="labels",
            bind="query-params",
            required=True,
        )
        order = st.segmented_control(
            "Order", ORDERS, default=ORDERS[0], key="order", bind="query-params", required=True
        )
        picture = st.segmented_control(
            "Picture",
            [_SIDE_BY_SIDE, *map(str.capitalize, PICTURES)],
            default=_SIDE_BY_SIDE,
            key="picture_of_pairs",
            bind="query-params",
            required=True,
            help="One alone is larger. Up to 20 labels all three stand in a row on a page of 1,280 "
            "pixels; more labels need a wider one.",
        )
    return named[name], number, order, picture


def _pictures(arrays: Mapping[str, np.ndarray], names: Sequence[str], picture: str, size: int) -> None:
    """All three in a row, as far as the page is wide enough, or a larger one alone."""
    small, large = _CELLS[size]
    if picture != _SIDE_BY_SIDE or len(names) < 2:
        one = picture.lower() if picture != _SIDE_BY_SIDE else "gold"
        with st.container(width=max(300, pair_width(len(names), large))):
            chart(pair_figure(arrays, names, one, cell=large), f"label-pairs-{one}")
        return
    with st.container(horizontal=True, gap="small"):
        for number, one in enumerate(PICTURES):
            is_named = number == 0 or size > _IN_A_ROW
            with st.container(width=pair_width(len(names), small, is_named=is_named)):
                figure = pair_figure(arrays, names, one, cell=small, is_named=is_named)
                chart(figure, f"label-pairs-{one}")


def _divergences(runs: Sequence[Run]) -> pd.DataFrame:
    st.subheader("How far predicted pairs are from the gold ones, as one number", anchor=False)
    table = dependency_state.divergences(runs)
    chart(divergence_figure(table, methods_of(runs)), "divergence")
    grey = "gold labels dealt out to documents by chance"
    if TRAINING in set(table["name"]):
        grey += " and the label sets of the first run's training documents"
    st.caption(
        "The Kullback-Leibler divergence of Eq. 8 of the LACO paper, summed over all ordered pairs of labels "
        "that some test document has: nearer to 0 is nearer to the gold, and below 0 pairs are predicted too "
        "often. The sum grows with the number of labels, so read it against the other bars only. Grey: "
        f"{grey}. Smoothing: each label counts {SMOOTHING:g} document more, spread evenly over its possible "
        "partners, for a pair that is never predicted would make the sum infinite."
    )
    return table


def label_combinations(runs: Sequence[Run]) -> None:
    """How many different label sets are predicted, and which of them training never showed."""
    table = dependency_state.combinations(runs)
    chart(combination_figure(table, methods_of(runs)), "label-combinations")
    st.caption(
        "A combination is all labels of a document together. Look at the hatched part, combinations that no "
        "training document has: a model that only repeats what it saw has none, and gold has many. Compare "
        "with how often whole sets are right, below."
    )
    if table["seen"].isna().all():
        st.warning(
            f"What training showed is not known: the corpus of {runs[0].name} is not here any more, or has "
            "changed. Import it again to see which combinations are new.",
            icon=":material/broken_image:",
        )
    st.dataframe(table[list(_SETS)], hide_index=True, column_config=_SETS)
    offer_csv({"label-combinations": table})
    if not table["seen"].isna().all():
        _unseen(runs, table)


def _unseen(runs: Sequence[Run], table: pd.DataFrame) -> None:
    st.subheader("Predicted combinations that training never showed", anchor=False)
    named = {run.name: run for run in runs}
    run = named[st.selectbox("Run", list(named), key="pictured", bind="query-params", width=300)]
    try:
        rows = dependency_state.unseen(run)
    except WorkbenchError as error:
        st.warning(f"They cannot be told. {plain_sentences(error)}", icon=":material/broken_image:")
        return
    if rows.empty:
        empty = int(table.loc[table["name"] == run.name, "documents_empty"].iloc[0])
        st.info(
            f"**{run.name}** predicts no combination that training lacks"
            + (f"; it predicts no label at all for {how_many(empty, 'document')}." if empty else ".")
        )
        return
    right, all_of = int(rows["right"].sum()), int(rows["predicted"].sum())
    st.caption(
        f"{how_many(len(rows), 'combination')} on {how_many(all_of, 'document')}, of which "
        f"{right:,} {'has' if right == 1 else 'have'} exactly these gold labels. The most frequent first."
    )
    st.dataframe(
        rows.head(200),
        hide_index=True,
        column_config={
            "combination": st.column_config.TextColumn(width="large"),
            "predicted": st.column_config.NumberColumn("predicted on documents"),
            "right": st.column_config.NumberColumn("of these right"),
            "share_right": st.column_config.NumberColumn("share right", format="percent"),
            "gold": st.column_config.NumberColumn("gold on documents"),
        },
    )
    offer_csv({"unseen-combinations": rows})


def methods_of(runs: Sequence[Run]) -> dict[str, str]:
    """The method of each run, for its colour."""
    return {run.name: str(run.manifest.get("method", "?")) for run in runs}
