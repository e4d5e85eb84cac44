"""What was written about labels, and what were documents made of?"""

from __future__ import annotations

import streamlit as st

from dashboard import choices, label_state, text_panels, text_state
from dashboard.download import Table, offer_csv
from dashboard.plain import plain, plain_sentences
from workbench.errors import WorkbenchError

st.title("What was written about labels and for them?", anchor=False)
offered, broken = label_state.corpora()
written = text_state.versions(offered)

if not written:
    st.info(
        "No corpus has descriptions of its labels or generated documents yet. These commands need no "
        "language model (`--provider` names one):",
        icon=":material/edit_note:",
    )
    st.code(
        "workbench llm describe --corpus demo --name demo-described\n"
        "workbench llm generate --corpus demo-described --name demo-generated",
        language="bash",
    )
else:
    with choices.told_where_missing("corpus", written):
        corpus = st.selectbox("Corpus", list(written), key="corpus", bind="query-params", width=320)
    key = written[corpus]
    try:
        report, table = text_state.report(key), text_state.labels(key)
    except WorkbenchError as error:
        st.error(
            f"The corpus **{corpus}** cannot be shown. {plain_sentences(error)}",
            icon=":material/broken_image:",
        )
    else:
        text_panels.who_answered(report)
        text_panels.descriptions(table)
        tables: dict[str, Table] = {"label-texts": table}
        if table["generated"].any():
            st.subheader("How varied generated documents are", anchor=False)
            label = text_panels.choose_label(table)
            tables |= text_panels.variety(key, label)
            if label is not None:
                tables["generated-documents"] = text_panels.beside_real(key, label)
        if report:
            tables["struck"] = text_panels.struck(report)
        offer_csv(tables)

for entry in broken:
    st.warning(
        f"The corpus **{plain(entry.name)}** cannot be opened. {plain_sentences(entry.problem)}",
        icon=":material/broken_image:",
    )
