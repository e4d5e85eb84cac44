"""How far runs err on the same items, pair by pair, as a square of cells that can be clicked."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.theme import TEMPLATE, message, wrapped

_CELL_PX, _BESIDE_PX = 64, 240
_NAME_WIDTH = {"beside": 24, "below": 12}
_LINE_PX = 17
_COLOURS = ((0.0, "#767676"), (1.0, "#005b8f"))
"""From grey to blue, opaque and dark, so that white numbers read on white and on dark pages."""


def agreement_width(runs: int) -> int:
    """How wide the picture of so many runs is, in pixels."""
    return _BESIDE_PX + _CELL_PX * runs + 110


def agreement_figure(table: pd.DataFrame, runs: Sequence[str], items: str) -> go.Figure:
    """Cohen's kappa of being wrong, a cell a pair; a cell's customdata are the places of A and B in `runs`.

    Args:
        table: as `analysis.agreement.agreement_table` gives it.
        runs: their names in order.
        items: what is right or wrong, for the words under the pointer, such as "label sets".
    """
    if len(runs) < 2:
        return message("Agreement needs two runs")
    place = {run: number for number, run in enumerate(runs)}
    kappa = np.full((len(runs), len(runs)), np.nan)
    words = np.full(kappa.shape, "", dtype=object)
    for row in table.to_dict("records"):
        a, b = place[row["run_a"]], place[row["run_b"]]
        kappa[a, b] = kappa[b, a] = row["kappa"]
        words[a, b] = _words(row, items, "only_a", "only_b")
        words[b, a] = _words(row, items, "only_b", "only_a")
    figure = go.Figure([_cells(kappa), _clickable(kappa, words, runs)])
    ends, ticks = [-0.5, len(runs) - 0.5], list(range(len(runs)))
    look = {"tickvals": ticks, "ticks": "", "showgrid": False}
    below, _ = wrapped(runs, _NAME_WIDTH["below"], anywhere=True)
    beside, _ = wrapped(runs, _NAME_WIDTH["beside"], anywhere=True)
    lines = max(name.count("<br>") + 1 for name in below)
    figure.update_xaxes(title_text="run B", range=ends, ticktext=below, tickangle=0, **look)
    figure.update_yaxes(title_text="run A", range=ends[::-1], ticktext=beside, **look)
    margin = {"t": 44, "b": 40 + _LINE_PX * lines, "r": 16}
    height = 84 + _LINE_PX * lines + _CELL_PX * len(runs)
    return figure.update_layout(template=TEMPLATE, height=height, margin=margin, hovermode="closest")


def _cells(kappa: np.ndarray) -> go.Heatmap:
    least = float(np.nanmin(kappa)) if np.isfinite(kappa).any() else 0.0
    bar = {"title": {"text": "kappa of errors", "side": "right"}, "thickness": 10}
    return go.Heatmap(
        z=kappa.astype(np.float32),
        colorscale=_COLOURS,
        zmin=min(0.0, least),
        zmax=1,
        xgap=2,
        ygap=2,
        hoverinfo="skip",
        hoverongaps=False,
        colorbar=bar,
    )


def _clickable(kappa: np.ndarray, words: np.ndarray, runs: Sequence[str]) -> go.Scatter:
    """The numbers, as marks that can be chosen: heat maps themselves cannot."""
    cells = [cell for cell in product(range(len(runs)), repeat=2) if cell[0] != cell[1]]
    shown = ["–" if np.isnan(kappa[cell]) else f"{kappa[cell]:.2f}" for cell in cells]
    return go.Scatter(
        x=np.array([b for _, b in cells]),
        y=np.array([a for a, _ in cells]),
        mode="markers+text",
        text=shown,
        textfont={"size": 14, "color": "#ffffff"},
        marker={"size": 44, "symbol": "square", "color": "rgba(0, 0, 0, 0)"},
        customdata=np.array(cells, dtype=np.int32),
        hovertext=np.array(
            [f"A: {runs[a]}<br>B: {runs[b]}<br>{words[a, b]}" for a, b in cells], dtype=object
        ),
        hovertemplate="%{hovertext}<extra></extra>",
        selected={"marker": {"opacity": 1}},
        unselected={"marker": {"opacity": 1}},
        showlegend=False,
    )


def _words(row: Mapping[Hashable, Any], items: str, only_a: str, only_b: str) -> str:
    return (
        f"of {row['items']:,} {items} both are right about {row['both_right']:,},<br>A alone about "
        f"{row[only_a]:,}, B alone about {row[only_b]:,}, neither about {row['neither']:,}"
    )
