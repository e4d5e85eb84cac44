"""Pictures and tables to take away: SVG or PNG from the picture's own bar, CSV from buttons."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

import streamlit as st

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


def chart(figure: Any, name: str, *, clickable: bool = False) -> list[dict[str, Any]]:
    """Draw a plotly figure; its camera button saves it under `name`, in the format of `choose_format`.

    Returns the points that the reader has clicked or encircled, as plotly describes them, where `clickable`.
    """
    image = {"format": st.session_state.get(_FORMAT, FORMATS[0]).lower(), "filename": f"workbench-{name}"}
    if image["format"] == "png":
        image["scale"] = _PNG_SCALE
    config = {"displaylogo": False, "toImageButtonOptions": image}
    if clickable:
        event = st.plotly_chart(
            figure,
            key=f"chart-{name}",
            config=config,
            on_select="rerun",
            selection_mode=("points", "lasso"),
        )
        return list(event["selection"]["points"])
    config["modeBarButtonsToRemove"] = ["select2d", "lasso2d"]
    st.plotly_chart(figure, key=f"chart-{name}", config=config)
    return []


def offer_csv(tables: Mapping[str, Table]) -> None:
    """A button for each table, which saves it as CSV under its name."""
    with st.container(horizontal=True):
        for name, table in tables.items():
            st.download_button(
                f"{name}.csv",
                partial(_made, table) if callable(table) else table.to_csv(index=False),
                file_name=f"workbench-{name}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
            )


def _made(make: Callable[[], pd.DataFrame]) -> str:
    return make().to_csv(index=False)
