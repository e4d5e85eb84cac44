"""The link that brings someone else to what one is looking at."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

import streamlit as st

from dashboard.choices import take_seen
from workbench.runs.store import Run


def link_to(url_path: str, said: str, **choices: str) -> str:
    """Markdown of a link to another page with these choices made on it; it opens beside the open one."""
    return f"[{said}]({url_path}?{urlencode(choices)})"


def offer_link(url_path: str) -> None:
    """Put "Copy link" into the sidebar: the address of the open page with every choice made on it."""
    address = address_of_view(url_path)
    popover = st.sidebar.popover("Copy link", icon=":material/link:", width="stretch", on_change="rerun")
    if not popover.open:  # the browser fetches what shows code when it is asked for
        return
    with popover:
        st.caption("Opens this page with the same choices.")
        st.code(address, language=None, wrap_lines=True)


def address_of_view(url_path: str) -> str:
    """The address that shows what is seen: choices, and the split and runs also where these were not chosen.

    Streamlit leaves a choice out of the address where it is the first one. For runs that changes as soon as
    another one is trained.
    """
    base = (st.context.url or "http://localhost").rstrip("/")
    if url_path:
        base = f"{base.removesuffix('/' + url_path)}/{url_path}"
    named = [(key, value) for key in st.query_params for value in st.query_params.get_all(key)]
    seen = [(key, value) for key, value in take_seen() if key not in st.query_params]
    return f"{base}?{urlencode([*named, *seen])}" if named or seen else base


def inside_address(runs: Sequence[Run], identity: str) -> str:
    """The address, beside that of any page, that opens a test document of these runs inside."""
    choices = [("split", runs[0].split_id), *(("runs", run.name) for run in runs)]
    return f"inside?{urlencode([*choices, ('inside', 'test'), ('document', identity)])}"
