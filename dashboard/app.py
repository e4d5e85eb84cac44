"""Navigation, and nothing else."""

from __future__ import annotations

import streamlit as st

from dashboard.link import offer_link

st.set_page_config(page_title="Workbench", page_icon="🏷️", layout="wide")
page = st.navigation(
    {
        "": [st.Page("pages/overview.py", title="Overview", icon=":material/home:", default=True)],
        "Compare": [
            st.Page("pages/runs.py", title="Runs", icon=":material/leaderboard:", url_path="runs"),
            st.Page(
                "pages/spectra.py", title="Spectra", icon=":material/stacked_line_chart:", url_path="spectra"
            ),
        ],
    }
)
page.run()
offer_link(page.url_path)
