"""How sharp minima are: each setting's mean over seeds with its interval, and the single runs behind it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import faded, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message, name_rows, wrapped

_TITLE_MOST = 24
"""Characters in a line below a panel: so that titles keep clear of each other on a page of 800 pixels."""


def sharpness_figure(summary: pd.DataFrame, points: pd.DataFrame, axes: Mapping[str, str]) -> go.Figure:
    """A dot plot: one row a setting (the flattest by the first measure on top), one panel a measure.

    Args:
        summary: as `analysis.sharpness.sharpness_over_seeds` gives it.
        points: as `analysis.sharpness.sharpness_table` gives it.
        axes: the measures from left to right, each with the title of its axis.
    """
    shown = [measure for measure in axes if (summary["measure"] == measure).any()]
    if not shown:
        return message("No run has these numbers yet: workbench probe landscape RUN")
    first = summary[summary["measure"] == shown[0]].sort_values("mean", ascending=False)["setting"]
    order = [*(name for name in summary["setting"].unique() if name not in set(first)), *first]
    figure = make_subplots(cols=len(shown), shared_yaxes=True, horizontal_spacing=0.05)
    for column, measure in enumerate(shown, start=1):
        for setting in order:
            mean, runs = (
                table[(table["measure"] == measure) & (table["setting"] == setting)]
                for table in (summary, points)
            )
            for trace in _setting(mean, runs):
                figure.add_trace(trace, row=1, col=column)
        (title,), _ = wrapped([axes[measure]], _TITLE_MOST)
        figure.update_xaxes(title_text=f"{title}<br>lower is flatter", col=column)
        span = _span(summary[summary["measure"] == measure], points[points["measure"] == measure])
        figure.update_xaxes(range=span, exponentformat="none", nticks=7, col=column)
    row = name_rows(figure, order)
    return figure.update_layout(
        template=TEMPLATE,
        height=148 + row * len(order),
        showlegend=False,
        margin={"t": 8},
    )


def _span(means: pd.DataFrame, runs: pd.DataFrame) -> list[float]:
    """From zero, or below, to beyond every mark and bar: around a single mark plotly shows a range of 2."""
    ends = np.concatenate([means[["mean", "low", "high"]].to_numpy(dtype=float).ravel(), runs["value"]])
    low, high = min(0.0, float(np.nanmin(ends))), max(0.0, float(np.nanmax(ends)))
    margin = 0.06 * (high - low) or 1.0
    return [low - margin if low < 0 else 0.0, high + margin]


def _setting(mean: pd.DataFrame, runs: pd.DataFrame) -> list[go.Scatter]:
    """The runs of one setting as small dots, their mean as a large mark with its interval."""
    if mean.empty:
        return []
    row = mean.iloc[0]
    colour = method_colour(row["method"])
    dots = go.Scatter(
        x=runs["value"].to_numpy(),
        y=runs["setting"].tolist(),
        mode="markers",
        marker={"color": faded(colour, 0.4), "size": 7},
        customdata=runs[["run", "seed"]].astype(str).to_numpy(),
        hovertemplate="%{customdata[0]} (seed %{customdata[1]})<br>%{x:.4g}<extra></extra>",
    )
    several = row["n"] > 1
    half = row["high"] - row["mean"]
    told = f" (95 %: {row['low']:.4g} to {row['high']:.4g}, {row['n']} runs)" if several else " (1 run)"
    mark = go.Scatter(
        x=[row["mean"]],
        y=[row["setting"]],
        error_x={"type": "data", "array": [half], "thickness": 1.5, "width": 4} if several else None,
        mode="markers",
        marker={"color": colour, "size": 12, "symbol": method_symbol(row["method"])},
        hovertemplate=f"{row['setting']}<br>{row['mean']:.4g}{told}<extra></extra>",
    )
    return [dots, mark]
