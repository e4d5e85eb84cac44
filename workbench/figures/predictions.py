"""What several runs predict for one document: scores beside thresholds, gold labels marked, votes counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import VERDICT_LOOKS
from workbench.figures.run_columns import run_columns
from workbench.figures.theme import message

_NAMES = {
    "found": "gold, predicted",
    "missed": "gold, missed",
    "wrong": "predicted, not gold",
    "predicted": "predicted",
    "left out": "not predicted",
}


def prediction_figure(
    tables: Mapping[str, pd.DataFrame], labels: Sequence[str], votes: Sequence[int]
) -> go.Figure:
    """A panel a run: a bar to each label's score, its sign the verdict, a stroke where the threshold is.

    Args:
        tables: by run, rows in the order of the picture: score, threshold (NaN where the method says sets),
            rank, train_count, verdict.
        labels: their names, the first on top.
        votes: how many runs predict each label; drawn where there are several runs.
    """
    if not tables or not len(labels):
        return message("No label to show")
    runs = list(tables)
    figure = run_columns(runs, labels, with_votes=len(runs) > 1)
    places, told = np.arange(len(labels)), np.array([escape(label, quote=False) for label in labels])
    begun: set[str] = set()
    traces: list[tuple[int, go.Bar | go.Scatter]] = []
    for column, table in enumerate(tables.values(), start=1):
        traces.append((column, _bars(table, places)))
        if table["threshold"].notna().any():  # a method that says sets has none
            traces.append((column, _thresholds(table, places, "threshold" not in begun)))
            begun.add("threshold")
        for verdict in _NAMES:
            here = np.flatnonzero(table["verdict"].to_numpy() == verdict)
            if len(here):
                signs = _signs(table.iloc[here], places[here], told[here], verdict, verdict not in begun)
                traces.append((column, signs))
                begun.add(verdict)
    if len(runs) > 1:
        traces.append((len(runs) + 1, _votes(votes, len(runs), places)))
    columns, drawn = zip(*traces, strict=True)
    figure.add_traces(drawn, rows=1, cols=columns)
    return figure


def _bars(table: pd.DataFrame, places: np.ndarray) -> go.Bar:
    return go.Bar(
        x=table["score"].to_numpy(),
        y=places,
        orientation="h",
        width=0.16,
        marker={"color": "rgba(128, 128, 128, 0.45)", "line": {"width": 0}},
        hoverinfo="skip",
        showlegend=False,
    )


def _thresholds(table: pd.DataFrame, places: np.ndarray, is_first: bool) -> go.Scatter:
    return go.Scatter(
        x=np.where(np.isfinite(table["threshold"]), table["threshold"], np.nan),
        y=places,
        mode="markers",
        name="threshold",
        legendgroup="threshold",
        showlegend=is_first,
        marker={"symbol": "line-ns", "size": 17, "line": {"width": 2, "color": "#7c7c7c"}},
        hovertemplate="threshold %{x:.3f}<extra></extra>",
    )


def _signs(
    table: pd.DataFrame, places: np.ndarray, told: np.ndarray, verdict: str, is_first: bool
) -> go.Scatter:
    colour, symbol, size = VERDICT_LOOKS[verdict]
    limits = ["" if np.isnan(limit) else f", threshold {limit:.3f}" for limit in table["threshold"]]
    about = np.stack([told, table["rank"], table["train_count"], limits], axis=-1)
    return go.Scatter(
        x=table["score"].to_numpy(),
        y=places,
        mode="markers",
        name=_NAMES[verdict],
        legendgroup=verdict,
        showlegend=is_first,
        cliponaxis=False,
        marker={"color": colour, "symbol": symbol, "size": size, "line": {"width": 2, "color": colour}},
        customdata=about,
        hovertemplate="<b>%{customdata[0]}</b><br>score %{x:.3f}%{customdata[3]}, "
        f"rank %{{customdata[1]}}<br>{_NAMES[verdict]}; %{{customdata[2]}} training documents<extra></extra>",
    )


def _votes(votes: Sequence[int], runs: int, places: np.ndarray) -> go.Scatter:
    return go.Scatter(
        x=np.zeros(len(places)),
        y=places,
        mode="text",
        text=[f"{count}/{runs}" for count in votes],
        customdata=np.asarray(votes),
        hovertemplate=f"predicted by %{{customdata}} of {runs} runs<extra></extra>",
        showlegend=False,
    )
