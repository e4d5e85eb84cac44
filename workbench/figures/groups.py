"""Frequent, middling and rare labels: where a method gains and what it pays elsewhere."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import dashes, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message


def group_figure(table: pd.DataFrame, metric: str) -> go.Figure:
    """A metric over label groups from frequent to rare, one line a setting, its spread over seeds as bars.

    Args:
        table: as `analysis.groups.groups_over_seeds` gives it, of one split.
        metric: what the values are, for the axis.
    """
    if table.empty:
        return message("No run has metrics by label group yet")
    figure = go.Figure()
    methods = table.groupby("setting", sort=False)["method"].first()
    for (setting, method), dash in zip(methods.items(), dashes(methods), strict=True):
        rows = table[table["setting"] == setting]
        figure.add_scatter(
            x=rows["group"].tolist(),
            y=rows["mean"].to_numpy(),
            error_y={"type": "data", "array": rows["std"].fillna(0).to_numpy(), "thickness": 1, "width": 4},
            name=setting,
            mode="lines+markers",
            line={"color": method_colour(method), "width": 2, "dash": dash},
            marker={"symbol": method_symbol(method), "size": 10},
            customdata=rows[["labels", "n"]].to_numpy(),
            hovertemplate=f"{setting}<br>%{{x}} (%{{customdata[0]}} labels)<br>{metric} %{{y:.4f}}, "
            "runs: %{customdata[1]}<extra></extra>",
        )
    figure.update_layout(template=TEMPLATE, height=420, showlegend=True)
    sizes = table.groupby("group", sort=False)["labels"].first()
    names = [f"{group} ({size})" for group, size in sizes.items()]
    figure.update_xaxes(title_text="labels by training frequency (how many)", type="category")
    figure.update_xaxes(tickvals=list(sizes.index), ticktext=names)
    return figure.update_yaxes(title_text=f"{metric} (0 to 1)", rangemode="tozero")
