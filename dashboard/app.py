"""Navigation, and nothing else.

The pages are in views/: from a folder called pages/ beside this file streamlit would build a navigation of
its own for whoever follows a link to a page before anyone has opened the first one.
"""

from __future__ import annotations

import streamlit as st

from dashboard.download import choose_format
from dashboard.link import offer_link

st.set_page_config(page_title="Workbench", page_icon="🏷️", layout="wide")
page = st.navigation(
    {
        "": [st.Page("views/overview.py", title="Overview", icon=":material/home:", default=True)],
        "Do": [
            st.Page("views/train.py", title="Train", icon=":material/model_training:", url_path="train"),
        ],
        "Look": [
            st.Page("views/labels.py", title="Labels", icon=":material/grid_view:", url_path="labels"),
            st.Page(
                "views/relations.py",
                title="Label relations",
                icon=":material/share:",
                url_path="relations",
            ),
            st.Page(
                "views/label_texts.py",
                title="Label texts",
                icon=":material/edit_note:",
                url_path="label-texts",
            ),
            st.Page(
                "views/documents.py", title="Documents", icon=":material/scatter_plot:", url_path="documents"
            ),
            st.Page(
                "views/similarity.py", title="Similarity", icon=":material/join_inner:", url_path="similarity"
            ),
            st.Page(
                "views/geometry.py", title="Geometry", icon=":material/3d_rotation:", url_path="geometry"
            ),
            st.Page(
                "views/inside.py", title="Inside a document", icon=":material/article:", url_path="inside"
            ),
            st.Page(
                "views/tail_features.py",
                title="Tail features",
                icon=":material/bubble_chart:",
                url_path="tail-features",
            ),
            st.Page(
                "views/landscapes.py", title="Landscapes", icon=":material/landscape:", url_path="landscapes"
            ),
        ],
        "Compare": [
            st.Page("views/compare.py", title="Compare", icon=":material/compare:", url_path="compare"),
            st.Page("views/mixtures.py", title="Mixtures", icon=":material/blender:", url_path="mixtures"),
            st.Page("views/runs.py", title="Runs", icon=":material/leaderboard:", url_path="runs"),
            st.Page(
                "views/tail_labels.py",
                title="Tail labels",
                icon=":material/trending_down:",
                url_path="tail-labels",
            ),
            st.Page(
                "views/dependency.py",
                title="Label dependency",
                icon=":material/hub:",
                url_path="dependency",
            ),
            st.Page(
                "views/spectra.py", title="Spectra", icon=":material/stacked_line_chart:", url_path="spectra"
            ),
            st.Page("views/family.py", title="Family", icon=":material/account_tree:", url_path="family"),
            st.Page("views/papers.py", title="Papers", icon=":material/museum:", url_path="papers"),
            st.Page("views/claims.py", title="Claims", icon=":material/fact_check:", url_path="claims"),
        ],
    },
    expanded=True,
)
st.set_page_config(page_title=f"{page.title} · Workbench")  # so that a reader's tabs can be told apart
choose_format()
page.run()
offer_link(page.url_path)
