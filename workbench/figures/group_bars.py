"""Frequent, middling and rare labels as bars, run beside run."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import method_colour, patterns
from workbench.figures.theme import TEMPLATE, message


def group_bars(table: pd.DataFrame, metric: str, floor: str = "") -> go.Figure:
    """A bar a run in each group of labels; runs of one method share its colour and differ by pattern.

    Args:
        table: as `analysis.groups.group_table` gives it, of one split.
        metric: what the values are, for the axis.
        floor: the method that is a dashed line over the bars, which they should reach beyond; none if empty.
    """
    if table.empty:
        return message("No run has metrics by label group yet")
    methods = table.groupby("run", sort=False)["method"].first()
    figure = go.Figure()
    hover = "%{x} labels: %{customdata[0]}<extra></extra>"
    for (run, method), pattern in zip(methods.items(), patterns(methods), strict=True):
        rows = table[table["run"] == run]
        about = {
            "x": rows["group"].tolist(),
            "y": rows["value"].to_numpy(),
            "name": str(run),
            "customdata": rows[["labels"]].to_numpy(),
            "hovertemplate": f"{run}<br>{metric} %{{y:.4f}}<br>{hover}",
        }
        colour = method_colour(method)
        if method == floor:
            line = {"color": colour, "width": 2, "dash": "dash"}
            figure.add_scatter(mode="lines+markers", line=line, marker={"symbol": "line-ew-open"}, **about)
        else:
            look = {"color": colour, "pattern": {"shape": pattern, "solidity": 0.25}}
            figure.add_bar(marker=look, **about)
    sizes = table.groupby("group", sort=False)["labels"].first()
    names = [f"{group} ({size:,})" for group, size in sizes.items()]
    figure.update_layout(template=TEMPLATE, height=440, barmode="group", bargap=0.25, showlegend=True)
    figure.update_xaxes(title_text="labels by training frequency (how many)", type="category")
    figure.update_xaxes(tickvals=list(sizes.index), ticktext=names)
    return figure.update_yaxes(title_text=f"{metric} (0 to 1)", rangemode="tozero")
