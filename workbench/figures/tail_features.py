"""Real and generated features of chosen labels on one plane, one panel a run."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.panels import name_axes, panel_grid, run_panels
from workbench.figures.theme import TEMPLATE, message

LABEL_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#7e6bc4", "#8a8a8a")
"""One a label, in the order they were chosen; more labels than these share them."""

_LOOKS = {
    "generated": {"symbol": "circle-open", "opacity": 0.7},
    "training": {"symbol": "circle", "opacity": 0.9},
    "held out": {"symbol": "diamond", "opacity": 0.9},
    "prototype": {"symbol": "star", "opacity": 1.0},
}
"""In drawing order: what stands out comes last. Rings, unlike pale dots, are seen on dark pages too."""
_SIZES = {"generated": 7, "training": 6, "held out": 7, "prototype": 17}
_LINES = {"generated": {"width": 1.5}, "prototype": {"width": 1.5, "color": "#ffffff"}}
_GROUP_HEIGHT, _GROUPS_ABREAST = 105, 3
"""What a label's lines of the legend take in pixels, and how many labels stand abreast on a narrow page."""


def tail_feature_figure(
    table: pd.DataFrame, method: str, *, shares: dict[str, tuple[float, float]] | None = None
) -> go.Figure:
    """One panel a run: colour says the label, shape whether a feature is real.

    Args:
        table: one row a run and feature: run, x, y, label (name, categorical in the order chosen), kind
            ("training", "held out", "generated", "prototype"), text (for hover), document (row of the test
            split or -1), which becomes the dot's customdata.
        method: "pca", "tsne" or "umap", for the axes.
        shares: for PCA, the share of the variance along each axis, by run.
    """
    if table.empty:
        return message("No features to draw")
    runs = list(table["run"].unique())
    rows, columns = panel_grid(len(runs))
    figure = run_panels(runs)
    labels = list(table["label"].cat.categories)
    named: set[tuple[str, str]] = set()
    for number, run in enumerate(runs):
        place = {"row": number // columns + 1, "col": number % columns + 1}
        here = table[table["run"] == run]
        for kind in _LOOKS:
            for index, label in enumerate(labels):
                dots = here[(here["kind"] == kind) & (here["label"] == label)]
                if len(dots):
                    trace = _dots(dots, kind, label, LABEL_COLOURS[index % len(LABEL_COLOURS)])
                    rank = (index + 1) * len(_LOOKS)  # groups in the order chosen, whatever is drawn first
                    trace.update(showlegend=(kind, label) not in named, legendrank=rank)
                    figure.add_trace(trace, **place)
                    named.add((kind, label))
        name_axes(figure, method, (shares or {}).get(run), place)
    return figure.update_layout(
        template=TEMPLATE,
        height=60 + 430 * rows + _GROUP_HEIGHT * -(-len(labels) // _GROUPS_ABREAST),
        margin={"t": 60},
        showlegend=True,
        legend={"yref": "container", "y": 0, "yanchor": "bottom", "itemsizing": "constant"},
    )


def _dots(dots: pd.DataFrame, kind: str, label: str, colour: str) -> go.Scattergl:
    line = _LINES.get(kind, {"width": 0})
    return go.Scattergl(
        x=dots["x"].to_numpy(dtype=np.float32),
        y=dots["y"].to_numpy(dtype=np.float32),
        text=dots["text"].to_numpy(),
        customdata=dots["document"].to_numpy(dtype=np.int32),
        name=kind,
        legendgroup=label,
        legendgrouptitle={"text": label},
        mode="markers",
        marker={"color": colour, "size": _SIZES[kind], "line": line, **_LOOKS[kind]},
        hovertemplate=f"%{{text}}<extra>{label}<br>{kind}</extra>",
    )
