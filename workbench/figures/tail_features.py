"""Real and generated features of chosen labels on one plane, one panel a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.panels import name_axes, panel_grid
from workbench.figures.theme import TEMPLATE, message

LABEL_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7e6bc4", "#8a8a8a")
"""One a label, in the order they were chosen; more labels than these share them."""

_LOOKS = {
    "generated": {"symbol": "circle", "opacity": 0.25},
    "training": {"symbol": "circle", "opacity": 0.9},
    "held out": {"symbol": "diamond", "opacity": 0.9},
    "prototype": {"symbol": "star", "opacity": 1.0},
}
"""In drawing order: what stands out comes last."""
_SIZES = {"generated": 7, "training": 6, "held out": 7, "prototype": 17}


def tail_feature_figure(
    table: pd.DataFrame, method: str, *, shares: dict[str, tuple[float, float]] | None = None
) -> go.Figure:
    """One panel a run: colour says the label, shape and opacity whether a feature is real.

    Args:
        table: one row a run and feature: run, x, y, label (name, categorical in the order chosen), kind
            ("training", "held out", "generated", "prototype"), text (for hover).
        method: "pca", "tsne" or "umap", for the axes.
        shares: for PCA, the share of the variance along each axis, by run.
    """
    if table.empty:
        return message("No features to draw")
    runs = list(table["run"].unique())
    rows, columns = panel_grid(len(runs))
    figure = make_subplots(
        rows=rows, cols=columns, subplot_titles=runs, horizontal_spacing=0.07, vertical_spacing=0.16 / rows
    )
    named: set[tuple[str, str]] = set()
    for number, run in enumerate(runs):
        place = {"row": number // columns + 1, "col": number % columns + 1}
        here = table[table["run"] == run]
        for kind in _LOOKS:
            for index, label in enumerate(table["label"].cat.categories):
                dots = here[(here["kind"] == kind) & (here["label"] == label)]
                if len(dots):
                    colour = LABEL_COLOURS[index % len(LABEL_COLOURS)]
                    is_named = (kind, label) not in named
                    figure.add_trace(_dots(dots, kind, label, colour, is_named=is_named), **place)
                    named.add((kind, label))
        name_axes(figure, method, (shares or {}).get(run), place)
    return figure.update_layout(
        template=TEMPLATE,
        height=150 + 430 * rows,
        margin={"t": 40},
        showlegend=True,
        legend={"orientation": "h", "y": -0.16 / rows, "yanchor": "top", "itemsizing": "constant"},
    )


def _dots(dots: pd.DataFrame, kind: str, label: str, colour: str, *, is_named: bool) -> go.Scattergl:
    line = {"width": 1.5, "color": "#ffffff"} if kind == "prototype" else {"width": 0}
    return go.Scattergl(
        x=dots["x"].to_numpy(dtype=np.float32),
        y=dots["y"].to_numpy(dtype=np.float32),
        text=dots["text"].to_numpy(),
        name=kind,
        legendgroup=label,
        legendgrouptitle={"text": label},
        showlegend=is_named,
        mode="markers",
        marker={"color": colour, "size": _SIZES[kind], "line": line, **_LOOKS[kind]},
        hovertemplate=f"%{{text}}<extra>{label}<br>{kind}</extra>",
    )
