"""What shall be trained, and how far is it?"""

from __future__ import annotations

import streamlit as st

from dashboard import state, train_form, train_queue, train_state
from workbench.workspace import Workspace

st.title("Train", anchor=False)
st.caption(
    "A training goes on when you close this page or end the dashboard; a second one waits for the first. "
    "Look for what one change does: change one setting, and keep the rest and the seeds."
)
workspace = Workspace.current()
if state.runs_dir() != workspace.runs:
    st.warning(
        f"Runs are written to `{workspace.runs}`, but the pages look at `{state.runs_dir()}`.",
        icon=":material/folder_off:",
    )
known = train_state.known()
if known is not None:
    train_form.form(known)
st.subheader("Trainings", anchor=False)
train_queue.show()
