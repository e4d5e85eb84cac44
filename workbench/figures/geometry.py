"""Document vectors in three dimensions, one panel a run and moment, as CL-MIL's Figures 3 and 4 have them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import COMBINATION_LOOKS
from workbench.figures.panels import panel_grid
from workbench.figures.theme import TEMPLATE, message, wrapped

_ROW_HEIGHT = 470
_NAME_WIDTH = {1: 60, 2: 30, 3: 22}
_INK = "#7c7c7c"
_GRID = "#8c8c8c"  # opaque: on a white page a scene draws pale lines as white
_CAMERA = {"eye": {"x": 1.45, "y": 1.45, "z": 1.0}, "center": {"x": 0, "y": 0, "z": -0.14}}
_FURTHER = {1: 1.0, 2: 1.2, 3: 1.6}
"""How much further away the camera stands, by columns: a narrow panel cuts off what is at its sides."""
_NEVER = "turned"  # the same for every picture: a panel stays turned when others come or go


def scene_figure(
    table: pd.DataFrame,
    legend: str,
    *,
    shares: Mapping[str, tuple[float, ...]] | None = None,
    notes: Mapping[str, str] | None = None,
    axes: str = "PC",
    is_one_space: bool = False,
) -> go.Figure:
    """One scene a panel, a dot for each document; all begin with the same camera, all axes are as long.

    Args:
        table: one row a panel and document: panel, x, y, z, kind (categorical), text (for hover).
        legend: what the kinds say.
        shares: the share of the variance along each axis, by panel.
        notes: what to say under a panel, lines parted by <br>.
        axes: what an axis is called, before its number.
        is_one_space: the axes of all panels mean the same and have the same length.
    """
    if table.empty:
        return message("No documents to draw")
    panels = list(table["panel"].unique())
    rows, columns = panel_grid(len(panels))
    names, _ = wrapped(panels, _NAME_WIDTH[columns], anywhere=True)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        specs=[[{"type": "scene"}] * columns] * rows,
        subplot_titles=names,
        horizontal_spacing=0.02,
        vertical_spacing=0.34 / rows,
    )
    figure.update_annotations(font_size=14)
    named: set[str] = set()
    for number, panel in enumerate(panels):
        place = {"row": number // columns + 1, "col": number % columns + 1}
        documents = table[table["panel"] == panel]
        _add_dots(figure, documents, named, place)
        scene = _scene(table if is_one_space else documents, axes, (shares or {}).get(panel))
        figure.update_scenes(scene | {"camera": _camera(columns)}, **place)
        _note(figure, (notes or {}).get(panel, ""), place)
    return _laid_out(figure, legend, rows, max(name.count("<br>") for name in names))


def _laid_out(figure: go.Figure, legend: str, rows: int, further_lines: int) -> go.Figure:
    """Room for the legend, for names of more lines than one, and for the notes."""
    more = 18 * further_lines
    height = 160 + more + _ROW_HEIGHT * rows
    return figure.update_layout(
        template=TEMPLATE,
        height=height,
        margin={"t": 90 + more, "b": 100, "l": 0, "r": 0},
        uirevision=_NEVER,
        showlegend=True,
        legend={
            "title": {"text": f"{legend}: "},
            "itemsizing": "constant",
            "y": 1 + (34 + more) / (height - 190),
        },
    )


def _add_dots(figure: go.Figure, documents: pd.DataFrame, named: set[str], place: dict[str, int]) -> None:
    """A trace a kind; the legend names each once, `named` grows by those that it does."""
    for kind in documents["kind"].cat.categories:
        dots = documents[documents["kind"] == kind]
        if len(dots):
            figure.add_trace(_dots(dots, kind, is_named=kind not in named), **place)
            named.add(kind)


def _dots(dots: pd.DataFrame, kind: str, *, is_named: bool) -> go.Scatter3d:
    colour, symbol = COMBINATION_LOOKS[kind]
    return go.Scatter3d(
        **{axis: dots[axis].to_numpy(dtype=np.float32) for axis in "xyz"},
        text=dots["text"].to_numpy(),
        name=kind,
        legendgroup=kind,
        showlegend=is_named,
        mode="markers",
        marker={
            "color": colour,
            "symbol": symbol,
            "size": (3.6 if len(dots) <= 600 else 2.6) + (symbol != "circle"),
            "opacity": 0.85,
            "line": {"width": 0},
        },
        hovertemplate=f"%{{text}}<extra>{kind}</extra>",
    )


def _scene(documents: pd.DataFrame, axes: str, shares: tuple[float, ...] | None) -> dict[str, object]:
    """Axes of one length around these documents, so that a distance is as long along each of them."""
    points = documents[["x", "y", "z"]].to_numpy(dtype=np.float64)
    low, high = points.min(axis=0), points.max(axis=0)
    reach = 0.53 * float((high - low).max()) or 1.0
    scene: dict[str, object] = {"aspectmode": "cube", "dragmode": "orbit"}
    for number, axis in enumerate("xyz"):
        middle = float(low[number] + high[number]) / 2
        said = f"{axes}{number + 1}: {shares[number]:.0%}" if shares else f"{axes} {number + 1}"
        scene[f"{axis}axis"] = {
            "title": {"text": said, "font": {"size": 12}},
            "range": [middle - reach, middle + reach],
            "showbackground": False,
            "gridcolor": _GRID,
            "zeroline": False,
            "showspikes": False,
            "nticks": 5,
            "tickfont": {"size": 12},
            "color": _INK,
            **({} if shares else {"showticklabels": False}),
        }
    return scene


def _camera(columns: int) -> dict[str, dict[str, float]]:
    eye = {axis: _FURTHER[columns] * at for axis, at in _CAMERA["eye"].items()}
    return {**_CAMERA, "eye": eye}


def _note(figure: go.Figure, text: str, place: dict[str, int]) -> None:
    (scene,) = figure.select_scenes(**place)
    figure.add_annotation(
        text=text,
        xref="paper",
        yref="paper",
        x=sum(scene.domain.x) / 2,
        y=scene.domain.y[0],
        xanchor="center",
        yanchor="top",
        showarrow=False,
        font={"size": 12},
    )
