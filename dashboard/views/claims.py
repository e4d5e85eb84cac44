"""Which of the papers' claims held, and how is that known?"""

from __future__ import annotations

import streamlit as st

from dashboard import claim_panels, claims_panels
from workbench.errors import WorkbenchError
from workbench.exhibits.claim_file import read_claims
from workbench.exhibits.claim_tables import claim_table

st.title("Which claims held?", anchor=False)
claims_panels.follow_click()
try:
    gathered = read_claims()
except WorkbenchError as error:
    st.error(str(error))
else:
    chosen = claims_panels.choose(claim_table(gathered))
    claims_panels.grid(chosen)
    claims_panels.counts(gathered)
    claims_panels.rows(chosen)
    identity = claims_panels.choose_claim(chosen)
    if identity:
        claim_panels.opened(gathered, identity)
