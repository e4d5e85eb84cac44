"""Which labels does a label come with, and which does it rule out?"""

from __future__ import annotations

import streamlit as st

from dashboard import choices, label_state, relation_panels, relation_state
from dashboard.download import offer_csv
from dashboard.plain import plain, plain_sentences
from workbench.errors import WorkbenchError

st.title("Which labels does a label come with, and which does it rule out?", anchor=False)
offered, broken = label_state.corpora()
asked = st.container(horizontal=True, vertical_alignment="bottom")
with choices.told_where_missing("corpus", offered), asked:
    corpus = st.selectbox("Corpus", list(offered), key="corpus", bind="query-params", width=220)

try:
    seen = relation_state.relate(offered[corpus])
except WorkbenchError as error:
    st.error(
        f"The corpus **{corpus}** cannot be shown. {plain_sentences(error)}", icon=":material/broken_image:"
    )
else:
    with asked:
        label = relation_panels.choose_label(seen)
        reading = relation_panels.READINGS[
            choices.segments("Weak means frequent beside", list(relation_panels.READINGS), "weak")
        ]
        rows = relation_panels.ROWS[choices.segments("Labels drawn", list(relation_panels.ROWS), "rows")]
    if label is None:
        st.info("No training document of this corpus has a label.")
    else:
        table = relation_panels.beside(seen, label, reading, rows)
        relation_panels.shares(seen, reading)
        relation_panels.one_document(seen, label, reading)
        offer_csv({"label-relations": table})

for entry in broken:
    st.warning(
        f"The corpus **{plain(entry.name)}** cannot be opened. {plain_sentences(entry.problem)}",
        icon=":material/broken_image:",
    )
