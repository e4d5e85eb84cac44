"""One line a setting over groups of labels, with its spread over seeds as bars."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import dashes, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE


def setting_lines(
    table: pd.DataFrame,
    metric: str,
    across: str,
    told: Sequence[str],
    hover: str,
    *,
    height: int,
    floor: str = "",
) -> go.Figure:
    """A figure with a line for each setting; its horizontal axis is left to name.

    Args:
        table: one row a setting and group: setting, method, mean, std, `across`, and the columns `told`.
        metric: what the values are, for the axis.
        across: the column along the horizontal axis.
        told: columns that `hover` speaks of, as customdata.
        hover: plotly's template of what follows the setting.
        height: in pixels.
        floor: the method whose line is dashed, which others should be above; none if empty.
    """
    figure = go.Figure()
    methods = table.groupby("setting", sort=False)["method"].first()
    for (setting, method), dash in zip(methods.items(), dashes(methods), strict=True):
        rows = table[table["setting"] == setting]
        figure.add_scatter(
            x=rows[across].tolist(),
            y=rows["mean"].to_numpy(),
            error_y={"type": "data", "array": rows["std"].fillna(0).to_numpy(), "thickness": 1, "width": 4},
            name=setting,
            mode="lines+markers",
            line={"color": method_colour(method), "width": 2, "dash": "dash" if method == floor else dash},
            marker={"symbol": method_symbol(method), "size": 10},
            customdata=rows[list(told)].to_numpy(),
            hovertemplate=f"{setting}<br>{hover}<extra></extra>",
        )
    figure.update_layout(template=TEMPLATE, height=height, showlegend=True)
    return figure.update_yaxes(title_text=f"{metric} (0 to 1)", rangemode="tozero")
