"""What each token of a document has to do with each label, and how much of the document it makes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import DIVERGING
from workbench.figures.theme import TEMPLATE, message

_ROW_PX, _WEIGHTS_PX, _BESIDE_PX = 26, 90, 190
_LONGEST_NAME, _LONGEST_TOKEN = 28, 16


def token_label_figure(
    tokens: Sequence[str],
    labels: Sequence[str],
    correlation: np.ndarray,
    weights: np.ndarray,
    colour: str,
) -> go.Figure:
    """Bars of the tokens' weights above a heat map of tokens and labels, both in the order of the text.

    Args:
        tokens: T of them, as they stand in the text.
        labels: L names, each once; the first one is on top.
        correlation: (L, T); 0 is grey, and both ends of the colours are as far from it.
        weights: (T,) at least 0.
        colour: of the bars.
    """
    if not len(tokens) or not len(labels):
        return message("No token of this text is compared with a label")
    heights = [_WEIGHTS_PX, _ROW_PX * len(labels)]
    figure = make_subplots(
        rows=2,
        shared_xaxes=True,
        vertical_spacing=14 / sum(heights),
        row_heights=[height / sum(heights) for height in heights],
    )
    places = np.arange(len(tokens))
    told = np.array([repr(token)[1:-1] for token in tokens])
    figure.add_trace(_bars(told, weights, places, colour), row=1, col=1)
    figure.add_trace(_cells(told, labels, correlation, places), row=2, col=1)
    figure.update_layout(
        template=TEMPLATE, height=sum(heights) + _BESIDE_PX, bargap=0.15, showlegend=False, margin_t=36
    )
    figure.update_yaxes(title_text="weight", rangemode="tozero", nticks=4, row=1, col=1)
    figure.update_yaxes(
        tickvals=np.arange(len(labels)),
        ticktext=[_short(name, _LONGEST_NAME) for name in labels],
        range=[len(labels) - 0.5, -0.5],
        ticks="",
        showgrid=False,
        row=2,
        col=1,
    )
    ticks = {"tickvals": places, "ticktext": [_short(token, _LONGEST_TOKEN) for token in tokens]}
    figure.update_xaxes(range=[-0.5, len(tokens) - 0.5], showgrid=False, ticks="")
    return figure.update_xaxes(
        **ticks, tickangle=-90, tickfont_size=11, title_text="token, in the order of the text", row=2, col=1
    )


def _bars(tokens: np.ndarray, weights: np.ndarray, places: np.ndarray, colour: str) -> go.Bar:
    return go.Bar(
        x=places,
        y=weights.astype(np.float32),
        marker_color=colour,
        customdata=tokens,
        hovertemplate="<b>%{customdata}</b><br>weight %{y:.3f}<extra></extra>",
    )


def _cells(
    tokens: np.ndarray, labels: Sequence[str], correlation: np.ndarray, places: np.ndarray
) -> go.Heatmap:
    largest = float(np.abs(correlation).max(initial=0)) or 1.0
    told = np.stack(np.broadcast_arrays(tokens[None, :], np.array(labels)[:, None]), axis=-1)
    return go.Heatmap(
        x=places,
        y=np.arange(len(labels)),
        z=correlation.astype(np.float32),
        colorscale=DIVERGING,
        zmin=-largest,
        zmax=largest,
        xgap=1,
        ygap=1,
        customdata=told,
        hovertemplate="<b>%{customdata[0]}</b> with <b>%{customdata[1]}</b><br>%{z:.3f}<extra></extra>",
        colorbar={
            "title": {"text": "M", "side": "top"},
            "thickness": 10,
            "y": 0,
            "yanchor": "bottom",
            "len": 0.66,
        },
    )


def _short(name: str, longest: int) -> str:
    return name if len(name) <= longest else f"{name[: longest - 1].rstrip()}…"
