"""What labels cost each method: seconds of a training step and peak memory, a row a method."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.theme import TEMPLATE, message

_PANELS = {"seconds": "seconds of a training step", "peak_mb": "peak memory, MB"}
_MARKS = (("#414487", "circle"), ("#2a788e", "square"), ("#22a884", "diamond"), ("#d55e00", "triangle-up"))
"""Of the fewest labels to the most, told apart by shape as well."""
_TICKS: dict[str, list[float]] = {
    "seconds": [0.01, 0.1, 1, 10, 100],
    "peak_mb": [250, 500, 1000, 2000, 4000, 8000, 16_000],
}
_ROW = 24


def label_cost_figure(rows: pd.DataFrame) -> go.Figure:
    """Two panels that share their rows: one a method, the quickest first, a mark for each number of labels.

    A row that ends early says at how many labels: the method refuses more, or takes too long.

    Args:
        rows: method, labels, seconds and peak_mb; NaN where a method refused. At most four numbers of labels.
    """
    known = rows.reindex(columns=["method", "labels", *_PANELS]).dropna(subset=list(_PANELS))
    if known.empty:
        return message("Nothing measured")
    known = known.sort_values("labels")
    order = known.groupby("method")["seconds"].first().sort_values().index.tolist()
    names = {method: _named(rows[rows["method"] == method], known) for method in order}
    figure = make_subplots(cols=2, horizontal_spacing=0.03, shared_yaxes=True)
    for column, measure in enumerate(_PANELS, start=1):
        figure.add_trace(_spans(known, names, measure), row=1, col=column)
        for (colour, symbol), (labels, cells) in zip(_MARKS, known.groupby("labels"), strict=False):
            figure.add_trace(
                go.Scatter(
                    x=cells[measure].to_numpy(),
                    y=cells["method"].map(names).to_numpy(),
                    name=f"{labels:,} labels",
                    legendgroup=str(labels),
                    showlegend=measure == "seconds",
                    mode="markers",
                    marker={"symbol": symbol, "size": 9, "color": colour, "opacity": 0.9},
                    hovertemplate=f"<b>%{{y}}</b><br>{labels:,} labels: %{{x:.3g}}<extra></extra>",
                ),
                row=1,
                col=column,
            )
        ticks = _TICKS[measure]
        figure.update_xaxes(
            type="log",
            title_text=_PANELS[measure],
            tickvals=ticks,
            ticktext=[f"{t:,g}" for t in ticks],
            col=column,
        )
    figure.update_yaxes(categoryorder="array", categoryarray=[names[method] for method in reversed(order)])
    return figure.update_layout(
        template=TEMPLATE,
        height=140 + _ROW * len(order),
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        margin={"t": 50},
    )


def _named(rows: pd.DataFrame, known: pd.DataFrame) -> str:
    """The method, and how many labels it takes where others were measured with more."""
    method, taken = rows["method"].iloc[0], rows.loc[rows["seconds"].notna(), "labels"].max()
    return f"{method} (≤ {taken:,})" if taken < known["labels"].max() else str(method)


def _spans(known: pd.DataFrame, names: dict[str, str], measure: str) -> go.Scatter:
    """A line a method from its least to its most, in one trace."""
    x: list[float | None] = []
    y: list[str | None] = []
    for method, cells in known.groupby("method"):
        x += [cells[measure].min(), cells[measure].max(), None]
        y += [names[str(method)]] * 2 + [None]
    line = {"color": "rgba(128, 128, 128, 0.5)", "width": 2}
    return go.Scatter(x=x, y=y, mode="lines", line=line, hoverinfo="skip", showlegend=False)
