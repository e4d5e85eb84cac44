"""The panels of the page of labels: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import label_state
from dashboard.download import chart
from dashboard.label_state import Look
from dashboard.plain import plain, plain_sentences
from workbench.analysis.cooccurrence import pair_cells, partner_table
from workbench.analysis.label_order import group_names, inside
from workbench.analysis.long_tail import group_summary, long_tail
from workbench.errors import WorkbenchError
from workbench.figures.cooccurrence import cooccurrence_figure
from workbench.figures.long_tail import long_tail_figure
from workbench.wording import how_many, is_are

MOST_OFFERED = 20_000
_CLICKED = "clicked_cell"
_WIDE = 800
"""Of the inside of a block, which has the page to itself, in pixels on most screens."""
MEASURES = {"Documents": "documents", "p(column | row)": "probability", "PMI": "pmi"}
LOOK_FOR = {
    "documents": "Each cell counts the documents with both labels, on a logarithmic scale; without ink they "
    "never come together. Look for squares along the diagonal: labels of one theme.",
    "probability": "Read along a row: of the documents with the row's label, the share that has the column's "
    "too. Look for ink on one side of the diagonal only: a narrow label inside a broad one.",
    "pmi": "0 is as often as chance would have it, 1 bit twice as often, -1 half as often. Look for orange "
    "pairs, but hover first: for rare labels a single document can make one.",
}
OF_BLOCKS = (
    "Here {labels:,} labels share {blocks} rows: each is a block of labels next to each other in this order, "
    "named after its most frequent one, and a cell pools all pairs of two blocks. Click a cell to look "
    "inside, or choose blocks below."
)
_PMI = st.column_config.NumberColumn(
    "PMI (bits)", format="%.2f", help="log2 of counted over by chance; nothing where never together"
)
_CHANCE = st.column_config.NumberColumn(
    "by chance", format="%.2f", help="documents with both, were the two labels independent"
)
_PAIR: dict[str, Any] = {
    "label_a": "label",
    "label_b": "and",
    "by_chance": _CHANCE,
    "pmi": _PMI,
    "shared_words": "shared words",
    "for_example": st.column_config.TextColumn("such as", width=280),
}
_PLANNED: dict[str, Any] = {
    "probability": st.column_config.NumberColumn(
        "planted p",
        format="%.2f",
        help="A document mainly about the rarer label gets the other one with this probability each time it "
        "gets a companion.",
    ),
    "by_plan": st.column_config.NumberColumn(
        "by plan", format="%.1f", help="documents expected from the planted rule alone, after noise"
    ),
}


def tail(seen: Look) -> None:
    """The long tail of labels, and those that training never shows by name."""
    frequencies = label_state.frequencies(seen.key)
    summary = group_summary(frequencies, seen.split)
    chart(long_tail_figure(long_tail(frequencies, seen.split), summary, seen.split), "long-tail")
    st.caption(
        "Look at how few labels hold most assignments, and how long the tail is: a label with a handful of "
        "documents cannot be learnt from them alone."
    )
    if seen.split == "train" and "generated" in frequencies:
        st.caption(
            "Real documents alone are counted on this page, as in the metrics of runs. **Label texts** has "
            "the generated ones."
        )
    unseen = frequencies.loc[frequencies["group"] == "unseen", "text"].tolist()
    if unseen:
        first = ", ".join(map(plain, unseen[:5])) + (" …" if len(unseen) > 5 else "")
        of = how_many(len(frequencies), "label")
        st.caption(f"**{len(unseen):,} of {of} {is_are(len(unseen))} never seen in train**: {first}")


def whole(seen: Look, order: str, measure: str, label: int | None) -> None:
    """All labels that are seen, in single rows or in blocks, the chosen one framed."""
    groups = label_state.groups(seen, order)
    names = group_names(seen.found, groups, seen.names)
    marked = [name for name, group in zip(names, groups, strict=True) if label in group]
    cells = label_state.cells(seen, order)
    in_blocks = len(groups) < len(seen.found.seen)
    figure = cooccurrence_figure(cells, names, names, measure, marked=marked, can_choose=in_blocks)
    clicked = chart(figure, "cooccurrence", clickable=in_blocks)
    _open_clicked(clicked)
    if len(names) > 1:
        st.caption(LOOK_FOR[measure])
    if in_blocks:
        st.caption(OF_BLOCKS.format(labels=len(seen.found.seen), blocks=len(groups)))


def _open_clicked(points: Sequence[dict[str, Any]]) -> None:
    """Choose the two blocks of a cell that was clicked just now; an earlier click gives way to the lists."""
    cell = (points[0]["y"], points[0]["x"]) if points else None
    if cell != st.session_state.get(_CLICKED) and cell is not None:
        row, column = cell
        st.session_state["block"] = row
        st.session_state["beside"] = None if column == row else column
    st.session_state[_CLICKED] = cell


def block(seen: Look, order: str, measure: str, label: int | None) -> None:
    """Where labels share rows: the labels of the block that the reader picks, or of the searched label."""
    groups = label_state.groups(seen, order)
    if len(groups) == len(seen.found.seen):
        return
    named = dict(zip(group_names(seen.found, groups, seen.names), groups, strict=True))
    left, right = st.columns(2)
    found = "Choose a block" if label is None else f"the block of {seen.names[label]}"
    row = left.selectbox(
        "Look inside a block", list(named), None, key="block", bind="query-params", placeholder=found
    )
    row = row or next((name for name, group in named.items() if label in group), None)
    column = right.selectbox(
        "and at its pairs with",
        list(named),
        None,
        key="beside",
        bind="query-params",
        placeholder="the same block",
    )
    if row is None:
        return
    rows, columns = (inside(seen.found, named[name]) for name in (row, column or row))
    names = [[seen.names[int(group[0])] for group in side] for side in (rows, columns)]
    cells = pair_cells(seen.found, rows, columns)
    marked = [] if label is None else [seen.names[label]]
    figure = cooccurrence_figure(cells, names[0], names[1], measure, marked=marked, width=_WIDE)
    chart(figure, "block")
    largest = max(len(named[name]) for name in (row, column or row))
    shown = max(map(len, names))
    if shown < largest:
        st.caption(f"The {shown} most frequent labels of blocks of {largest:,}.")


def find_label(seen: Look) -> int | None:
    """The label that the reader searches for, the most frequent ones offered first."""
    order = label_state.frequencies(seen.key)["text"].tolist()[:MOST_OFFERED]
    chosen = st.selectbox(
        "Find a label",
        order,
        index=None,
        key="label",
        bind="query-params",
        placeholder="Type a part of its name",
    )
    return None if chosen is None else seen.names.index(chosen)


def partners(seen: Look, label: int) -> pd.DataFrame:
    """The labels that stand beside the chosen one."""
    table = partner_table(seen.found, label, seen.names)
    documents = int(seen.found.counts[label])
    st.subheader(f"Partners of {plain(seen.names[label])}", anchor=False)
    on = f"On {how_many(documents, f'{seen.split} document')}"
    if not documents:
        st.info(f"No {seen.split} document has this label.")
    elif table.empty:
        st.info(f"{on}, always alone.")
    else:
        st.caption(f"{on}; other labels beside it: {len(table):,}.")
        st.dataframe(
            table,
            hide_index=True,
            column_config={
                "documents": st.column_config.NumberColumn("its documents", format="localized"),
                "together": st.column_config.NumberColumn("with both", format="localized"),
                "expected": _CHANCE,
                "p_partner_given_label": st.column_config.NumberColumn("p(partner | label)", format="%.3f"),
                "p_label_given_partner": st.column_config.NumberColumn("p(label | partner)", format="%.3f"),
                "pmi": _PMI,
            },
        )
    return table


def planted(seen: Look) -> None:
    """In the built-in corpus: the pairs that its generator planted, beside what is counted."""
    try:
        tables = label_state.planted(seen)
    except WorkbenchError as error:
        st.warning(
            f"What was planted in this corpus cannot be shown. {plain_sentences(error)}",
            icon=":material/broken_image:",
        )
        return
    if tables is None:
        return
    together, apart = (table.replace(-np.inf, np.nan) for table in tables)
    st.subheader("What was planted, and what is counted", anchor=False)
    st.caption(
        "**Pairs that come together.** Counted documents should be near the plan, a little above it for "
        "frequent labels, which chance brings together too."
    )
    st.dataframe(together, hide_index=True, height="content", column_config=_PAIR | _PLANNED)
    st.caption(
        "**Pairs that share words and never come together.** From the words alone one label is taken for the "
        "other: a model has to learn that they exclude each other."
    )
    st.dataframe(apart, hide_index=True, height="content", column_config=_PAIR | {"pmi": None})
