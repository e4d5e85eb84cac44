"""What the share of each of two heads does: one panel a metric, one line a setting."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import METHOD_COLOURS, dashes
from workbench.figures.theme import TEMPLATE, message

_COLOURS = tuple(METHOD_COLOURS[name] for name in ("base", "proto", "mix", "protomix", "lsfa", "sep-mldc"))
_SYMBOLS = ("circle", "square", "triangle-up", "diamond", "cross", "star")


def gamma_figure(table: pd.DataFrame, metrics: Sequence[str]) -> go.Figure:
    """Metrics over gamma, the share of the fine-grained head.

    Args:
        table: one row a setting, gamma and metric: setting, gamma, metric, value (mean over seeds), std, n.
        metrics: the panels, from left to right.
    """
    if table.empty:
        return message("No run of this grid has been scored head by head yet")
    figure = make_subplots(cols=len(metrics), horizontal_spacing=0.08)
    settings = list(dict.fromkeys(table["setting"]))
    signs = [number % len(_COLOURS) for number in range(len(settings))]
    for setting, sign, dash in zip(settings, signs, dashes(map(str, signs)), strict=True):
        rows = table[table["setting"] == setting].sort_values("gamma")
        for column, metric in enumerate(metrics, start=1):
            line = _line(rows[rows["metric"] == metric], setting, metric, sign, dash)
            figure.add_trace(line.update(showlegend=column == 1), row=1, col=column)
    for column, metric in enumerate(metrics, start=1):
        figure.update_yaxes(title_text=f"{metric} (0 to 1)", col=column)
    figure.update_xaxes(title_text="gamma, the fine head's share", range=[-0.04, 1.04], dtick=0.2)
    return figure.update_layout(template=TEMPLATE, height=440, showlegend=True)


def _line(rows: pd.DataFrame, setting: str, metric: str, sign: int, dash: str) -> go.Scatter:
    return go.Scatter(
        x=rows["gamma"].to_numpy(),
        y=rows["value"].to_numpy(),
        error_y={"type": "data", "array": rows["std"].fillna(0).to_numpy(), "thickness": 1, "width": 3},
        name=setting,
        legendgroup=setting,
        mode="lines+markers",
        line={"color": _COLOURS[sign], "width": 2, "dash": dash},
        marker={"symbol": _SYMBOLS[sign], "size": 8},
        customdata=rows["n"].to_numpy(),
        hovertemplate=f"{setting}<br>{metric} %{{y:.4f}} at gamma %{{x:.2f}}"
        " (runs: %{customdata})<extra></extra>",
    )
