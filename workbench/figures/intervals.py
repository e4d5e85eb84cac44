"""Differences between settings with their intervals, claim by claim: which are told from zero."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message

_ZERO = "rgba(128, 128, 128, 0.8)"


def intervals_figure(table: pd.DataFrame, axis: str) -> go.Figure:
    """A forest plot: one row a claim (the first on top), one panel a group of runs, and a line at zero.

    Full marks are claims that held, hollow ones are undecided, crosses did not hold.

    Args:
        table: one row a claim and group, with columns panel, claim, method (whose colour it has), mean, low
            and high (NaN with fewer than two pairs), n, verdict; a claim without a pair has no mark.
        axis: what the differences are, with their unit and the side that is claimed.
    """
    shown = table.dropna(subset=["mean"])
    if shown.empty:
        return message("No claim has two runs of one seed to compare yet")
    panels, claims = (list(dict.fromkeys(shown[name])) for name in ("panel", "claim"))
    figure = make_subplots(
        cols=len(panels), shared_yaxes=True, horizontal_spacing=0.03, subplot_titles=panels
    )
    for row in shown.to_dict("records"):
        figure.add_trace(_mark(row), row=1, col=panels.index(row["panel"]) + 1)
    figure.update_annotations(font_size=12)
    figure.add_vline(x=0, line={"color": _ZERO, "width": 1}, layer="below")
    figure.update_xaxes(title_text=axis, ticks="")
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=claims[::-1], ticks="")
    figure.update_yaxes(title_text="claim", col=1)
    return figure.update_layout(
        template=TEMPLATE, height=150 + 36 * len(claims), showlegend=False, margin={"t": 36}
    )


def _mark(row: Mapping[Hashable, Any]) -> go.Scatter:
    """The mean difference with its interval, which need not be symmetric."""
    colour = method_colour(row["method"])
    symbol = "x" if row["verdict"] == "did not hold" else method_symbol(row["method"])
    if row["verdict"] == "undecided":
        symbol += "-open"
    bars = {
        "type": "data",
        "symmetric": False,
        "array": [row["high"] - row["mean"]],
        "arrayminus": [row["mean"] - row["low"]],
        "thickness": 1.5,
        "width": 4,
    }
    several = row["n"] > 1
    told = f" (95 %: {row['low']:+.4g} to {row['high']:+.4g}, {row['n']} seeds)" if several else " (1 seed)"
    hover = f"{row['claim']}<br>{row['panel']}: {row['verdict']}<br>{row['mean']:+.4g}{told}<extra></extra>"
    return go.Scatter(
        x=[row["mean"]],
        y=[row["claim"]],
        error_x=bars if several else None,
        mode="markers",
        marker={
            "color": colour,
            "size": 11,
            "symbol": symbol,
            "line": {"width": 2, "color": colour},
        },
        hovertemplate=hover,
    )
