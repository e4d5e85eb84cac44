"""Pictures and tables to take away: SVG or PNG from a picture's own bar, HTML and CSV below it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import streamlit as st

from workbench.plain_text import csv_text

if TYPE_CHECKING:
    import pandas as pd

Table: TypeAlias = "pd.DataFrame | Callable[[], pd.DataFrame]"
"""A table to take away, or a function that makes it when the reader asks for it: for large ones."""

FORMATS = ("SVG", "PNG")
_FORMAT = "picture"
_PNG_SCALE = 2  # sharp in print: twice the points of the screen


def choose_format() -> None:
    """Put into the sidebar in which format cameras save pictures: plotly's bar has room for one."""
    st.sidebar.segmented_control(
        "Save pictures as",
        FORMATS,
        default=FORMATS[0],
        key=_FORMAT,
        bind="query-params",
        required=True,
        help="By the camera above each picture. SVG can be scaled and edited, PNG fits into any document.",
    )


def chart(
    figure: Any, name: str, *, clickable: bool = False, on_click: Callable[[], None] | None = None
) -> list[dict[str, Any]]:
    """Draw a plotly figure, with what saves it under `name`.

    Its camera button saves it in the format of `choose_format`; buttons below it save a page of its own,
    which needs no network, and what it draws as CSV.

    Returns the points that the reader has clicked or encircled, as plotly describes them, where `clickable`.
    `on_click` is called before the page runs again because of a new click; `clicked` gives it the points.
    """
    image = {"format": st.session_state.get(_FORMAT, FORMATS[0]).lower(), "filename": f"workbench-{name}"}
    if image["format"] == "png":
        image["scale"] = _PNG_SCALE
    config = {"displaylogo": False, "typesetMath": False, "toImageButtonOptions": image}
    if clickable:
        event = st.plotly_chart(
            figure,
            key=f"chart-{name}",
            config=config,
            on_select=on_click or "rerun",
            selection_mode=("points", "lasso"),
        )
        _offer_figure(figure, name)
        return list(event["selection"]["points"])
    config["modeBarButtonsToRemove"] = ["select2d", "lasso2d"]
    st.plotly_chart(figure, key=f"chart-{name}", config=config)
    _offer_figure(figure, name)
    return []


def _offer_figure(figure: Any, name: str) -> None:
    """Quiet buttons below a picture; nothing is made before they are pressed."""
    with st.container(horizontal=True, horizontal_alignment="right", gap="small"):
        for kind, make, mime, meaning in (
            ("HTML", partial(_page, figure, name), "text/html", "The picture as a page of its own"),
            ("CSV", partial(_drawn, figure), "text/csv", "What the picture draws, a row a point or cell"),
        ):
            st.download_button(
                kind,
                make,
                file_name=f"workbench-{name}.{kind.lower()}",
                mime=mime,
                key=f"{kind.lower()}-{name}",
                icon=":material/download:",
                type="tertiary",
                on_click="ignore",
                help=meaning,
            )


def _page(figure: Any, name: str) -> str:
    from workbench.figures.pages import figure_page

    return figure_page(figure, f"workbench: {name}")


def _drawn(figure: Any) -> str:
    from workbench.figures.drawn import drawn_table

    return csv_text(drawn_table(figure))


def clicked(name: str) -> list[dict[str, Any]]:
    """The points of the chart `name` that the reader has clicked or encircled last."""
    event = st.session_state.get(f"chart-{name}")
    return list(event["selection"]["points"]) if event else []


def offer_text(title: str, make: Callable[[], str | bytes], file_name: str, *, key: str) -> None:
    """A button that saves a text, which is made when it is pressed."""
    st.download_button(
        title,
        make,
        file_name=file_name,
        mime="text/plain",
        icon=":material/download:",
        key=key,
        on_click="ignore",
    )


def offer_csv(tables: Mapping[str, Table]) -> None:
    """A button for each table, which saves it as CSV under its name."""
    with st.container(horizontal=True):
        for name, table in tables.items():
            st.download_button(
                f"{name}.csv",
                partial(_made, table),
                file_name=f"workbench-{name}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
            )


def _made(table: Table) -> str:
    return csv_text(table() if callable(table) else table)
