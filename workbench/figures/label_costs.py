"""What labels cost each method: seconds of a training step and peak memory, both axes by powers of ten."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message

_PANELS = {"seconds": "seconds of a step", "peak_mb": "peak memory, MB"}


def label_cost_figure(rows: pd.DataFrame) -> go.Figure:
    """Two panels with a line a method, named where it ends; where it refuses more labels it ends.

    Args:
        rows: method, labels, seconds and peak_mb; NaN where a method refused.
    """
    known = rows.reindex(columns=["method", "labels", *_PANELS]).dropna(subset=list(_PANELS))
    if known.empty:
        return message("Nothing measured")
    figure = make_subplots(cols=2, horizontal_spacing=0.09)
    for column, measure in enumerate(_PANELS, start=1):
        for method, cells in known.sort_values("labels").groupby("method", sort=True):
            figure.add_trace(_line(cells, str(method), measure), row=1, col=column)
        figure.update_yaxes(type="log", title_text=_PANELS[measure], col=column)
    ticks = sorted(known["labels"].unique())
    figure.update_xaxes(
        type="log", title_text="labels", tickvals=ticks, ticktext=[f"{tick:,}" for tick in ticks]
    )
    return figure.update_layout(
        template=TEMPLATE,
        height=760,
        legend={"orientation": "v", "x": 1.02, "y": 1, "yanchor": "top", "xanchor": "left"},
    )


def _line(cells: pd.DataFrame, method: str, measure: str) -> go.Scatter:
    return go.Scatter(
        x=cells["labels"].to_numpy(),
        y=cells[measure].to_numpy(),
        name=method,
        legendgroup=method,
        showlegend=measure == "seconds",
        mode="lines+markers",
        line={"color": method_colour(method), "width": 1.5},
        marker={"symbol": method_symbol(method), "size": 9},
        hovertemplate=f"<b>{method}</b><br>%{{x:,}} labels: %{{y:.3g}}<extra></extra>",
    )
