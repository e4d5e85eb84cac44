"""The panels of the page of label texts: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from dashboard import text_state
from dashboard.choices import forget_unless_offered
from dashboard.download import Table, chart
from dashboard.label_state import Key
from dashboard.meanwhile import are_done
from dashboard.plain import plain
from workbench.analysis.generated_texts import struck_answers
from workbench.figures.generated_texts import struck_figure, variety_figure
from workbench.wording import how_many, is_are

_SHOWN = 1_200
_ALL = "all of them"


def who_answered(report: dict[str, Any]) -> None:
    """Which provider wrote descriptions and documents; what is no language model is called so."""
    said = {"describe": "Descriptions", "generate": "Documents"}
    for job, what in said.items():
        if job not in report:
            continue
        about = report[job]
        model = f"**{plain(about['model'])}** (provider {plain(about['provider'])})"
        if not about["is_language_model"]:
            model = (
                f"the provider **{about['provider']}**, which is no language model: {plain(about['model'])}"
            )
        counts = about["counts"]
        st.caption(
            f"{what}: written by {model}. Of {how_many(counts['prompts'], 'answer')} {counts['used']:,} "
            f"{is_are(counts['used'])} used and {counts['struck']:,} struck."
        )


def descriptions(table: pd.DataFrame) -> None:
    """Every label with what was written about it."""
    st.subheader("What labels are called, and what was written about them", anchor=False)
    shown = ["label", "name", "documents", "generated", "description"]
    st.dataframe(
        table[[*shown, "struck"] if table["struck"].any() else shown],
        hide_index=True,
        height=min(420, 38 + 35 * len(table)),
        column_config={
            "label": st.column_config.TextColumn(pinned=True),
            "name": st.column_config.TextColumn("name", width="medium"),
            "description": st.column_config.TextColumn("description", width="large"),
            "struck": st.column_config.TextColumn("struck as", help="why the answer was not used"),
            "documents": st.column_config.NumberColumn(
                "real", format="localized", help="training documents that have the label"
            ),
            "generated": st.column_config.NumberColumn(
                "generated", format="localized", help="generated documents that have the label"
            ),
        },
    )
    st.caption(
        "Look for descriptions that say no more than the name does, and for such that fit another label as "
        "well: they cannot tell labels apart."
    )


def choose_label(table: pd.DataFrame) -> int | None:
    """A label that documents were generated for; None for all of them."""
    asked = table[table["generated"] > 0].sort_values(["documents", "label"], kind="stable")
    rows = dict(zip(asked["name"], asked.index, strict=True))
    offered = [_ALL, *rows]
    forget_unless_offered("label", offered)
    name = st.selectbox(
        "Label", offered, index=min(1, len(rows)), key="label", bind="query-params", width=320
    )
    return None if name == _ALL or name not in rows else int(rows[name])


def variety(key: Key, label: int | None) -> dict[str, Table]:
    """Distinct-n and self-BLEU of generated documents beside those of real ones, once they are measured."""
    measured = text_state.varied(key, label)
    if not are_done([measured], "Comparing each document with all others…"):
        return {}
    table = measured.result()
    chart(variety_figure(table), "variety")
    few = int(table["documents"].min())
    st.caption(
        f"{how_many(few, 'document')} of either kind. Generated documents that repeat each other have a "
        "higher self-BLEU and a lower distinct-n than real ones: they teach a classifier the same words "
        "again and again."
    )
    return {"variety": table}


def beside_real(key: Key, label: int) -> Table:
    """Generated documents of a label, each beside the real training document that is most like it."""
    table = text_state.beside(key, label)
    st.subheader("Generated documents beside the real ones that are most like them", anchor=False)
    number = st.selectbox(
        "Generated document",
        range(len(table)),
        format_func=lambda row: f"{table['document'].iloc[row]} · cosine {table['cosine'].iloc[row]:.2f}",
        key="document",
        width=420,
    )
    row = table.iloc[number or 0]
    for column, title, words, labels in zip(
        st.columns(2),
        (f"generated: {row['document']}", f"real: {row['nearest']}"),
        (row["text"], row["nearest text"]),
        (row["labels"], row["nearest labels"]),
        strict=True,
    ):
        with column, st.container(border=True):
            st.text(title)
            st.text(words if len(words) <= _SHOWN else f"{words[:_SHOWN]} …")
            st.text(f"labels: {labels}")
    st.caption(
        "A cosine near 1 (of TF-IDF vectors, over all real training documents) is a copy with few words "
        "changed; near 0 the document has little to do with the corpus."
    )
    return table


def struck(report: dict[str, Any]) -> Table:
    """Answers that were not used, and why."""
    table = struck_answers(report)
    st.subheader("Answers that were struck", anchor=False)
    if table.empty:
        st.caption("None: no answer was empty, refused, too long, a duplicate, or gave a label away.")
        return table
    chart(struck_figure(table), "struck")
    st.dataframe(table, hide_index=True)
    return table
