"""How far one run is from another in each metric, with intervals: those clear of zero are filled."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import method_colour
from workbench.figures.theme import TEMPLATE, message, name_rows

_ZERO = {"color": "rgba(128, 128, 128, 0.8)", "width": 1}


def difference_figure(table: pd.DataFrame, method: str) -> go.Figure:
    """A forest plot: one row a metric, the first on top, and a line at zero.

    Args:
        table: metric, difference, low, high (of the interval; NaN for none) and p.
        method: of the run whose gain is drawn, for the colour.
    """
    known = table.dropna(subset=["difference"])
    if known.empty:
        return message("No difference to draw")
    clear = ((known["low"] > 0) | (known["high"] < 0)).to_numpy()
    symbols = np.where(clear, "diamond", "diamond-open")
    colour = method_colour(method)
    figure = go.Figure()
    figure.add_scatter(
        x=known["difference"].to_numpy(),
        y=known["metric"].tolist(),
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (known["high"] - known["difference"]).to_numpy(),
            "arrayminus": (known["difference"] - known["low"]).to_numpy(),
            "thickness": 1.5,
            "width": 4,
        },
        mode="markers",
        marker={"color": colour, "size": 11, "symbol": symbols, "line": {"width": 2, "color": colour}},
        customdata=known[["low", "high", "p"]].to_numpy(),
        hovertemplate="%{y}: %{x:+.3~r}<br>95 %: %{customdata[0]:+.3~r} to %{customdata[1]:+.3~r}, "
        "p %{customdata[2]:.3f}<extra></extra>",
        showlegend=False,
    )
    figure.add_vline(x=0, line=_ZERO, layer="below")
    row = name_rows(figure, known["metric"].tolist()[::-1])
    figure.update_xaxes(title_text="B − A, with its 95 % interval")
    figure.update_yaxes(title_text="metric")
    return figure.update_layout(template=TEMPLATE, height=100 + row * len(known), margin={"t": 28})
