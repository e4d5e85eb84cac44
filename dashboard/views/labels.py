"""Which labels come together, and which hardly ever come at all?"""

from __future__ import annotations

import streamlit as st

from dashboard import choices, label_panels, label_state
from dashboard.download import Table, offer_csv
from dashboard.plain import plain, plain_sentences
from workbench.analysis.label_order import ORDERS
from workbench.data.corpus import SPLITS
from workbench.errors import WorkbenchError
from workbench.figures.cooccurrence import WIDTH

st.title("Which labels come together?", anchor=False)
offered, broken = label_state.corpora()
with (
    choices.told_where_missing("corpus", offered),
    st.container(horizontal=True, vertical_alignment="bottom"),
):
    corpus = st.selectbox("Corpus", list(offered), key="corpus", bind="query-params", width=220)
    part = choices.segments("Documents", list(SPLITS), "part")
    measure = label_panels.MEASURES[choices.segments("Cells show", list(label_panels.MEASURES), "measure")]

try:
    seen = label_state.look(offered[corpus], part)
except WorkbenchError as error:
    st.error(
        f"The corpus **{corpus}** cannot be shown. {plain_sentences(error)}", icon=":material/broken_image:"
    )
else:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = choices.segments("Order", list(ORDERS), "order")
        label = label_panels.find_label(seen)
    with st.container(horizontal=True):  # on a narrow page the curve comes below the picture
        with st.container(width=WIDTH):
            label_panels.whole(seen, order, measure, label)
        with st.container():
            label_panels.tail(seen)
    label_panels.block(seen, order, measure, label)
    tables: dict[str, Table] = {
        "label-pairs": lambda: label_state.pairs(seen),
        "labels": label_state.frequencies(seen.key),
    }
    if label is not None:
        tables["partners"] = label_panels.partners(seen, label)
    label_panels.planted(seen)
    offer_csv(tables)

for entry in broken:
    st.warning(
        f"The corpus **{plain(entry.name)}** cannot be opened. {plain_sentences(entry.problem)}",
        icon=":material/broken_image:",
    )
