"""Documents that a reader has clicked or encircled on a map: kept while other pages are visited."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import Any

import streamlit as st

from dashboard.download import chart, clicked
from workbench.wording import how_many


def chart_of_points(figure: Any, name: str, about: Hashable) -> list[dict[str, Any]]:
    """Draw a map under `name`; returns the points chosen on it, now or on an earlier visit to this page.

    Points chosen earlier count as long as the map shows the same, which `about` says.
    """
    points = chart(figure, name, clickable=True, on_click=partial(_keep, name, about))
    if points:
        st.session_state[_kept(name)] = (about, points)
    kept_about, kept = st.session_state.get(_kept(name), (None, []))
    return list(kept) if kept_about == about else []


def heading(chosen: int, singular: str, name: str) -> None:
    """How many are chosen on the map `name`, and what lets them go."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(f"{how_many(chosen, singular)} chosen", anchor=False, width="content")
        st.button(
            "Let them go" if chosen > 1 else "Let it go",
            key=f"let-go-{name}",
            icon=":material/close:",
            type="tertiary",
            on_click=_let_go,
            args=(name,),
        )


def _keep(name: str, about: Hashable) -> None:
    st.session_state[_kept(name)] = (about, clicked(name))


def _let_go(name: str) -> None:
    for key in (_kept(name), f"chart-{name}"):
        st.session_state.pop(key, None)


def _kept(name: str) -> str:
    return f"points-of-{name}"
