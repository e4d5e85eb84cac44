"""F1 of groups of labels from frequent to rare, settings side by side."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import method_colour, patterns
from workbench.figures.theme import TEMPLATE, message


def frequency_f1_figure(table: pd.DataFrame, metric: str) -> go.Figure:
    """A bar a setting in each group of labels, its spread over seeds as a line.

    Args:
        table: as `analysis.frequency_bins.bins_over_seeds` gives it, of one split, with a column tested.
        metric: what the values are, for the axis.
    """
    if table.empty:
        return message("No run to draw")
    groups = table.drop_duplicates("bin").sort_values("bin")
    figure = go.Figure()
    methods = table.groupby("setting", sort=False)["method"].first()
    for (setting, method), pattern in zip(methods.items(), patterns(methods), strict=True):
        rows = table[table["setting"] == setting]
        figure.add_bar(
            x=rows["bin"].to_numpy(),
            y=rows["mean"].to_numpy(),
            error_y={"type": "data", "array": rows["std"].to_numpy(), "thickness": 1, "width": 3}
            if rows["std"].notna().any()
            else None,
            name=str(setting),
            marker={
                "color": method_colour(method),
                "pattern": {"shape": pattern, "solidity": 0.25},
            },
            customdata=rows[["labels", "tested", "n"]].to_numpy(),
            hovertemplate=f"{setting}<br>{metric} %{{y:.4f}} (runs: %{{customdata[2]}})<br>labels: "
            "%{customdata[0]}, %{customdata[1]} of them on test documents<extra></extra>",
        )
    names = [_named(group) for group in groups.to_dict("records")]
    figure.update_layout(template=TEMPLATE, height=420, barmode="group", bargap=0.25, showlegend=True)
    figure.update_xaxes(
        title_text="groups of labels, by training documents a label (how many labels)",
        tickvals=groups["bin"].tolist(),
        ticktext=names,
        tickangle=0,
    )
    return figure.update_yaxes(title_text=f"{metric} (0 to 1)", rangemode="tozero")


def _named(group: Mapping[Hashable, Any]) -> str:
    most, least = group["most"], group["least"]
    if not most:
        return f"never seen<br>({group['labels']})"
    edges = f"{most:,}" if most == least else f"{most:,}–{least:,}"
    return f"{edges}<br>({group['labels']})"
