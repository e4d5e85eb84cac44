"""What an edit moves: each label's score before and after, a panel a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import AGAINST, FOR
from workbench.figures.run_columns import run_columns
from workbench.figures.theme import message

_GREY = "#7c7c7c"


def moved_scores_figure(tables: Mapping[str, pd.DataFrame], labels: Sequence[str]) -> go.Figure:
    """Dumbbells: a ring before, a triangle after that points where the score went, the threshold a stroke.

    Args:
        tables: by run, rows in the order of the picture: before, after, threshold.
        labels: their names, the first on top.
    """
    if not tables or not len(labels):
        return message("No score has moved")
    figure = run_columns(list(tables), labels)
    places, told = np.arange(len(labels)), np.array([escape(label, quote=False) for label in labels])
    begun: set[str] = set()
    for column, table in enumerate(tables.values(), start=1):
        for trace in _dumbbells(table, places, told):
            if trace.name is not None:
                trace.update(showlegend=trace.name not in begun)
                begun.add(trace.name)
            figure.add_trace(trace, row=1, col=column)
    return figure


def _dumbbells(table: pd.DataFrame, places: np.ndarray, told: np.ndarray) -> list[go.Scatter]:
    before, after = table["before"].to_numpy(), table["after"].to_numpy()
    threshold = np.where(np.isfinite(table["threshold"]), table["threshold"], np.nan)
    ends = np.stack([before, after, np.full(len(table), np.nan)], axis=1).ravel()
    line = go.Scatter(
        x=ends,
        y=np.repeat(places, 3),
        mode="lines",
        line={"color": _GREY, "width": 2},
        hoverinfo="skip",
        showlegend=False,
    )
    traces = [line, _marks("threshold", threshold, places, {"symbol": "line-ns", "size": 17}, _GREY)]
    traces.append(_marks("before", before, places, {"symbol": "circle-open", "size": 9}, _GREY))
    ways = (
        ("after: up", after > before, "triangle-right", FOR),
        ("after: down", after < before, "triangle-left", AGAINST),
    )
    for name, here, symbol, colour in ways:
        if here.any():
            trace = _marks(name, after[here], places[here], {"symbol": symbol, "size": 11}, colour)
            about = np.stack([told[here], before[here].round(3), (after - before)[here].round(3)], axis=-1)
            traces.append(
                trace.update(
                    customdata=about,
                    hovertemplate="<b>%{customdata[0]}</b><br>from %{customdata[1]} to %{x:.3f} "
                    "(%{customdata[2]})<extra></extra>",
                )
            )
    return traces


def _marks(name: str, x: np.ndarray, y: np.ndarray, marker: dict[str, object], colour: str) -> go.Scatter:
    return go.Scatter(
        x=x,
        y=y,
        mode="markers",
        name=name,
        legendgroup=name,
        cliponaxis=False,
        marker={**marker, "color": colour, "line": {"width": 2, "color": colour}},
        hovertemplate=f"{name} %{{x:.3f}}<extra></extra>",
    )
