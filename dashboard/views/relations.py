"""Which labels does a label come with, and which does it rule out?"""

from __future__ import annotations

import streamlit as st

from dashboard import label_state, relation_panels, relation_state
from dashboard.download import offer_csv
from workbench.errors import WorkbenchError


def segments(title: str, options: list[str], key: str) -> str:
    """One of a few options, the first at first; it lives in the URL."""
    return st.segmented_control(
        title, options, default=options[0], key=key, bind="query-params", required=True
    )


st.title("Which labels does a label come with, and which does it rule out?", anchor=False)
offered, broken = label_state.corpora()
choices = st.container(horizontal=True, vertical_alignment="bottom")
with choices:
    corpus = st.selectbox("Corpus", list(offered), key="corpus", bind="query-params", width=220)

try:
    seen = relation_state.relate(offered[corpus])
except WorkbenchError as error:
    st.error(f"The corpus **{corpus}** cannot be shown. {error}", icon=":material/broken_image:")
else:
    with choices:
        label = relation_panels.choose_label(seen)
        reading = relation_panels.READINGS[
            segments("Weak means frequent beside", list(relation_panels.READINGS), "beside")
        ]
        rows = relation_panels.ROWS[segments("Labels drawn", list(relation_panels.ROWS), "rows")]
    if label is None:
        st.info("No training document of this corpus has a label.")
    else:
        table = relation_panels.beside(seen, label, reading, rows)
        relation_panels.shares(seen, reading)
        relation_panels.one_document(seen, label, reading)
        offer_csv({"label-relations": table})

for entry in broken:
    st.warning(
        f"The corpus **{entry.name}** cannot be opened. {entry.problem}", icon=":material/broken_image:"
    )
