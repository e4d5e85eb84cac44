"""A document's text as somebody wrote it: its own lines, nothing in it means anything, long ones scroll."""

from __future__ import annotations

from html import escape

import streamlit as st


def text_box(words: str, height_rem: int) -> None:
    """The text in a box that is at most so high, in heights of the page's letters."""
    st.html(
        '<div style="white-space: pre-wrap; overflow-wrap: anywhere; overflow-y: auto; '
        f"max-height: {height_rem}rem; border: 1px solid rgba(128, 128, 128, 0.3); border-radius: .5rem; "
        f'padding: .6rem .8rem">{escape(words)}</div>'
    )
