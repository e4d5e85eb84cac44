"""Maps of documents, one panel a run, in the same colours."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import COMBINATION_LOOKS, GROUP_COLOURS, GROUP_SYMBOLS
from workbench.figures.panels import name_axes, panel_grid, run_panels
from workbench.figures.theme import TEMPLATE, message

HOVER_MOST = 25_000
"""Up to how many points a picture can take words for each: beyond that they outweigh the points tenfold."""

_ROW_HEIGHT = 430

# Okabe & Ito's palette; kinds that matter most come last, on top of the others.
_OF_GROUPS = {group: (colour, GROUP_SYMBOLS[group]) for group, colour in GROUP_COLOURS.items()}
_LOOKS = {
    **COMBINATION_LOOKS,
    **_OF_GROUPS,
    "no gold label": ("#7e6bc4", "diamond-open"),
    "neither": ("#a0a0a0", "circle"),
    "predicted, not gold": ("#e69f00", "triangle-up"),
    "gold, missed": ("#d55e00", "x"),
    "gold, predicted": ("#0072b2", "circle"),
    "0": ("#a0a0a0", "circle"),
    "1": ("#56b4e9", "square"),
    "2": ("#0072b2", "triangle-up"),
    "3 or more": ("#d55e00", "diamond"),
    "hit": ("#0072b2", "circle"),
    "miss": ("#d55e00", "x"),
}
_FAINT = {"neither", "0"}
_MARK = "#009e73"
_SMALLEST = 3.5


def projection_figure(
    table: pd.DataFrame,
    method: str,
    legend: str,
    *,
    shares: Mapping[str, tuple[float, float]] | None = None,
    marked: int | None = None,
) -> go.Figure:
    """One panel a run with a dot for each document; a dot's customdata is the document's number.

    Args:
        table: one row a run and document: run, document (number), x, y, kind (categorical), text (for hover).
        method: "pca", "tsne" or "umap", for the axes.
        legend: what the kinds say.
        shares: for PCA, the share of the variance along each axis, by run.
        marked: the number of a document to circle in every panel.
    """
    if table.empty:
        return message("No documents to draw")
    runs = list(table["run"].unique())
    rows, columns = panel_grid(len(runs))
    figure = run_panels(runs)
    size = _dot_size(len(table) // len(runs))
    named: set[str] = set()
    for number, run in enumerate(runs):
        place = {"row": number // columns + 1, "col": number % columns + 1}
        documents = table[table["run"] == run]
        for kind in table["kind"].cat.categories:
            dots = documents[documents["kind"] == kind]
            if len(dots):
                figure.add_trace(_dots(dots, kind, size, is_named=kind not in named), **place)
                named.add(kind)
        _mark(figure, documents, marked, place)
        name_axes(figure, method, (shares or {}).get(run), place)
    more = 18 * max(title.text.count("<br>") for title in figure.layout.annotations)
    return figure.update_layout(
        template=TEMPLATE,
        height=70 + more + _ROW_HEIGHT * rows,
        margin={"t": 76 + more},
        showlegend=True,
        legend={
            "title": {"text": f"{legend}: "},
            "itemsizing": "constant",
            "y": 1 + (38 + more) / (_ROW_HEIGHT * rows),
        },
    )


def _dots(dots: pd.DataFrame, kind: str, size: float, *, is_named: bool) -> go.Scattergl:
    colour, symbol = _LOOKS.get(kind, ("#44aa99", "circle"))
    stands_out = kind not in _FAINT and bool(_FAINT & set(dots["kind"].cat.categories))
    opacity = 0.4 if kind in _FAINT else 0.95 if stands_out else 0.8 if size > _SMALLEST else 0.6
    return go.Scattergl(
        x=dots["x"].to_numpy(dtype=np.float32),
        y=dots["y"].to_numpy(dtype=np.float32),
        customdata=dots["document"].to_numpy(dtype=np.int32),
        text=dots["text"].to_numpy(),
        name=kind,
        legendgroup=kind,
        showlegend=is_named,
        mode="markers",
        marker={
            "color": colour,
            "symbol": symbol,
            "size": size + stands_out + (symbol != "circle"),
            "opacity": opacity,
        },
        hovertemplate=f"%{{text}}<extra>{kind}</extra>",
    )


def _mark(figure: go.Figure, documents: pd.DataFrame, marked: int | None, place: dict[str, int]) -> None:
    for _, row in documents[documents["document"] == marked].iterrows():
        figure.add_scattergl(
            x=np.array([row["x"]], dtype=np.float32),
            y=np.array([row["y"]], dtype=np.float32),
            mode="markers",
            marker={"symbol": "circle-open", "size": 20, "color": _MARK, "line": {"width": 4}},
            showlegend=False,
            hoverinfo="skip",
            **place,
        )


def _dot_size(documents: int) -> float:
    return 7.0 if documents <= 600 else 5.0 if documents <= 3000 else _SMALLEST
