"""How metrics answer to one setting: small multiples, one line a method."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import dashes, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message

_WIDE = 20
"""Values whose largest is that many times the smallest are drawn on a logarithmic axis."""


def sensitivity_figure(
    table: pd.DataFrame, metrics: Sequence[str], *, axis: str, text: Callable[[float], str] = "{:g}".format
) -> go.Figure:
    """One panel a metric; methods without the setting are level dotted lines.

    Args:
        table: columns variant (the method), encoder, at (the setting's value, NaN where the method has none),
            metric, value (mean over seeds), std and n, of one split.
        metrics: the panels, from left to right.
        axis: what the setting is, for the horizontal axis.
        text: how a value of it is said there.
    """
    shown = [metric for metric in metrics if (table["metric"] == metric).any()]
    if not shown:
        return message("No run of this grid is finished yet")
    figure = make_subplots(cols=len(shown), horizontal_spacing=0.08)
    lines = [
        (str(key[0]), str(key[1]), rows) for key, rows in table.groupby(["variant", "encoder"], sort=False)
    ]
    several = len(table["encoder"].unique()) > 1
    values = np.sort(table["at"].dropna().unique())
    for (method, encoder, rows), dash in zip(lines, dashes(method for method, _, _ in lines), strict=True):
        name = f"{method} · {encoder}" if several else method
        for column, metric in enumerate(shown, start=1):
            line = _line(rows[rows["metric"] == metric], method, name, dash, values, f"{axis}, {metric}")
            figure.add_trace(line.update(showlegend=column == 1), row=1, col=column)
    for column, metric in enumerate(shown, start=1):
        figure.update_yaxes(title_text=f"{metric} (0 to 1)", col=column)
    figure.update_xaxes(title_text=axis, tickvals=values, ticktext=[text(value) for value in values])
    if len(values) and values[0] > 0 and values[-1] / values[0] > _WIDE:
        figure.update_xaxes(type="log")
    return figure.update_layout(template=TEMPLATE, height=400, showlegend=True)


def _line(rows: pd.DataFrame, method: str, name: str, dash: str, values: np.ndarray, said: str) -> go.Scatter:
    level = len(rows) > 0 and bool(rows["at"].isna().all())
    if level:
        rows = rows.loc[rows.index.repeat(max(1, len(values)))].assign(at=values if len(values) else 1.0)
    ordered = rows.sort_values("at")
    return go.Scatter(
        x=ordered["at"].to_numpy(),
        y=ordered["value"].to_numpy(),
        error_y={"type": "data", "array": ordered["std"].fillna(0).to_numpy(), "thickness": 1, "width": 4},
        name=name,
        legendgroup=name,
        mode="lines" if level and len(values) > 1 else "lines+markers",
        line={"color": method_colour(method), "width": 2, "dash": "dot" if level else dash},
        marker={"symbol": method_symbol(method), "size": 9},
        customdata=ordered["n"].to_numpy(),
        hovertemplate=f"{name}<br>{said}<br>%{{x:.4g}}: %{{y:.4f}} (runs: %{{customdata}})<extra></extra>",
    )
