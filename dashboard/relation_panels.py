"""The panels of the page of label relations: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import relation_state
from dashboard.choices import forget_unless_offered
from dashboard.download import chart
from dashboard.plain import plain
from dashboard.relation_state import Related
from workbench.analysis.label_relations import document_sets, relation_table
from workbench.figures.label_relations import relation_figure
from workbench.metrics.label_relations import RelationReading
from workbench.wording import how_many, is_are

READINGS: dict[str, RelationReading] = {"any of its labels": "default", "A alone": "anchor"}
"""Beside which of a document's labels another must be frequent to be weakly related."""
ROWS = {"20": 20, "60": 60, "up to 300": 300}
_LISTED = 200
_SAMPLE = 25
_BADGES = {"related": "blue", "weak": "orange", "contradicting": "gray"}
_TOLD = {
    "related": "the document has it too",
    "weak": "the document lacks it, though it often comes with what the document has",
    "contradicting": "the document lacks it, as was to be expected",
}


def choose_label(seen: Related) -> int | None:
    """A, the most frequent label at first; None where training shows no label."""
    offered = seen.by_frequency
    forget_unless_offered("label", offered)
    chosen = st.selectbox("Label A", offered, key="label", bind="query-params", width=320)
    return None if chosen is None else seen.names.index(chosen)


def beside(seen: Related, label: int, reading: RelationReading, rows: int) -> pd.DataFrame:
    """All other labels: documents with both, and what they are on A's documents."""
    table = relation_table(seen.found, label, seen.names, reading)
    name, documents = seen.names[label], int(seen.found.counts[label])
    average = seen.found.average(label)
    chart(relation_figure(table.head(rows), name, documents, average), "label-relations")
    often, never = int(table["frequent"].sum()), int((table["together"] == 0).sum())
    st.caption(
        f"Look which labels reach past the dashed line, and which never come. **{plain(name)}** stands "
        f"beside another label on {average:,.1f} documents on average. "
        f"{how_many(often, 'label')} beyond the dashed line, in full blue, {is_are(often)} frequent beside "
        f"it; {never:,} of the {len(table):,} others never come with it. A label that a document lacks, "
        "though it is frequent beside what the document has, CL-MIL calls weakly related (orange), any other "
        "one contradicting (grey)."
    )
    return table


def shares(seen: Related, reading: RelationReading) -> None:
    """How rare related pairs are among pairs drawn at random."""
    found = relation_state.shares(seen.key, reading)
    if np.isnan(found["related"]):
        return
    said = ", ".join(f"{kind} {share:.1%}" for kind, share in found.items())
    st.caption(
        f"Over all labels A: another label drawn at random is {said}. Training therefore draws the three "
        "equally often, unless told otherwise."
    )


def one_document(seen: Related, label: int, reading: RelationReading) -> None:
    """The three sets of one training document that has A."""
    rows = np.sort(seen.found.targets[:, [label]].nonzero()[0])
    st.subheader(f"The three sets of one document of {plain(seen.names[label])}", anchor=False)
    shown = rows[:_LISTED]
    more = f" (of {len(rows):,} the first {len(shown)} are listed)" if len(rows) > len(shown) else ""
    titles = dict(zip(relation_state.ids(seen.key, shown.tolist()), shown.tolist(), strict=True))
    chosen = st.selectbox(f"Training document{more}", list(titles), key="document", width=320)
    row = titles[chosen]
    with st.container(border=True):
        words = relation_state.text(seen.key, row)
        st.text(words if len(words) <= 700 else words[:700] + " …")
    for kind, labels in document_sets(seen.found, row, label, reading).items():
        badges = " ".join(f":{_BADGES[kind]}-badge[{plain(seen.names[one])}]" for one in labels[:_SAMPLE])
        rest = f" and {len(labels) - _SAMPLE:,} more" if len(labels) > _SAMPLE else ""
        st.markdown(f"**{kind}** ({len(labels):,}): {_TOLD[kind]}  \n{badges or '–'}{rest}")
