"""Whether chosen runs err on the same documents, for the page of comparison."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from dashboard import choices, compare_choices, compare_state
from dashboard.compare_choices import LEVELS, MATRIX, ORDERS
from dashboard.documents_table import documents_table
from dashboard.download import chart, offer_csv
from workbench.analysis.agreement import ranked_documents
from workbench.figures.agreement import agreement_figure, agreement_width
from workbench.runs.store import Run
from workbench.wording import how_many

_NUMBER: Any = st.column_config.NumberColumn
_PAIRS: dict[str, Any] = {
    "items": _NUMBER("in all", format="localized"),
    "both_right": _NUMBER("both right", format="localized"),
    "only_a": _NUMBER("only A right", format="localized"),
    "only_b": _NUMBER("only B right", format="localized"),
    "neither": _NUMBER("neither right", format="localized"),
    "kappa": _NUMBER(
        "kappa of errors",
        format="%.3f",
        help="Cohen's kappa of being right or wrong: 1 when both err on the same, 0 as often as by chance.",
    ),
    "correlation": _NUMBER(
        "correlation of errors", format="%.3f", help="The phi coefficient of being right or wrong."
    ),
}
_WHAT = {
    "decisions": "Each document with each label is one decision, so that nearly all are right; kappa allows "
    "for that.",
    "sets": "A document is right when its predicted labels are exactly the gold ones.",
    "best": "A document is right when its label of the highest score is gold; documents without gold labels "
    "are left out.",
}
_COUNTED = {"differ": "differ", "only_a": "only A", "only_b": "only B", "neither": "neither"}


def agreement(runs: Sequence[Run], offered: Sequence[Run]) -> None:
    """Kappa of every two runs, then what two of them are right about, then their documents."""
    if len(runs) < 2:
        st.caption("Choose a second run to see where two agree.")
        return
    said = choices.segments("Right or wrong are", list(LEVELS), "level")
    table = compare_state.agreement(runs, LEVELS[said])
    names = [run.name for run in runs]
    with st.container(width=max(360, agreement_width(len(names)))):
        figure = agreement_figure(table, names, said)
        chart(figure, MATRIX, clickable=True, on_click=partial(compare_choices.take_pair, names))
    st.caption(
        "Look for grey cells: those two runs err on different items, so that together they could be right "
        f"more often. {_WHAT[LEVELS[said]]} Click a cell to compare its two runs below."
    )
    pair = compare_choices.choose_pair(runs)
    if pair:
        st.dataframe(_of_pair(table, *pair), hide_index=True, placeholder="–", column_config=_PAIRS)
    offer_csv({"agreement": table})
    if pair:
        _documents(*pair)


def _of_pair(table: pd.DataFrame, a: Run, b: Run) -> pd.DataFrame:
    """The row of two runs, the first of them as A."""
    row = table[(table["run_a"] == a.name) & (table["run_b"] == b.name)]
    if row.empty:
        turned = {"run_a": "run_b", "run_b": "run_a", "only_a": "only_b", "only_b": "only_a"}
        row = table[(table["run_a"] == b.name) & (table["run_b"] == a.name)].rename(columns=turned)
    return row[list(_PAIRS)]


def _documents(a: Run, b: Run) -> None:
    st.subheader("On which documents?", anchor=False)
    by = ORDERS[choices.segments("First those where", list(ORDERS), "rank")]
    ranked = ranked_documents(compare_state.documents(a, b), by)
    if ranked.empty:
        st.caption("There is no such document.")
        return
    st.caption(
        f"{how_many(len(ranked), 'document')} with such labels, those with most first. Numbers count labels: "
        "those that A and B decide differently, those about which only A, only B or neither is right."
    )
    documents_table(
        [a, b], ranked["row"].tolist(), "agreement-documents", ranked[list(_COUNTED)].rename(columns=_COUNTED)
    )
