"""Pictures and tables to take away: SVG from the picture's own bar, CSV from buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st


def chart(figure: Any, name: str) -> None:
    """Draw a plotly figure; its camera button saves an SVG called after `name`."""
    config = {
        "displaylogo": False,
        "modeBarButtonsToRemove": ["select2d", "lasso2d"],
        "toImageButtonOptions": {"format": "svg", "filename": f"workbench-{name}"},
    }
    st.plotly_chart(figure, key=f"chart-{name}", config=config)


def offer_csv(tables: Mapping[str, pd.DataFrame]) -> None:
    """A button for each table, which saves it as CSV under its name."""
    with st.container(horizontal=True):
        for name, table in tables.items():
            st.download_button(
                f"{name}.csv",
                table.to_csv(index=False),
                file_name=f"workbench-{name}.csv",
                mime="text/csv",
                icon=":material/download:",
                on_click="ignore",
            )
