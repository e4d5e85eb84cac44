"""Inner products of vectors beside what labels or documents have in common: heat maps, and pairs as dots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.cooccurrence import logarithmic_ticks
from workbench.figures.palette import SEQUENTIAL, method_colour
from workbench.figures.square_cells import names_axis, names_px
from workbench.figures.theme import TEMPLATE, message, wrapped

_TOP_PX, _RIGHT_PX, _BETWEEN_PX = 104, 14, 60
"""Above the cells, right of them, and between two pictures."""
_BAR_PX, _TITLE_PX = 26, 22
"""Of plotly's buttons above everything, and of a picture's title of one line under them."""
_LINE_PX, _LETTER_PX, _LINE_LEAST = 17, 7.5, 22
"""Of each further line of a title, of a letter in it, and how many letters fit above any picture."""
_LARGEST_PX, _LARGEST_CELL_PX = 11, 28
_NEAR_ZERO = 1e-6
_FURTHEST = "#aa4499"  # as in the picture of co-occurrence: neither ink nor method


def similarity_width(rows: int, cell: float, panels: int = 1) -> int:
    """How wide so many pictures of so many rows are, in pixels, with cells of `cell` pixels."""
    beside = names_px(rows, cell) + _RIGHT_PX
    return round(panels * cell * rows + (panels - 1) * _BETWEEN_PX + beside)


def similarity_cell(rows: int, room: int) -> float:
    """The side of a cell in pixels, so that a picture of so many rows is at most `room` wide."""
    largest = (room - _RIGHT_PX - names_px(rows, _LARGEST_PX)) / max(1, rows)
    return float(np.clip(largest, 1, _LARGEST_CELL_PX))


def title_lines(titles: Sequence[str], rows: int, cell: float) -> int:
    """How many lines the longest of these titles takes above a picture of so many rows."""
    return max(_broken(title, rows, cell).count("<br>") + 1 for title in titles)


def similarity_figure(
    panels: Mapping[str, np.ndarray],
    names: Sequence[str],
    axis: str,
    told: Mapping[str, np.ndarray],
    *,
    cell: float = 12.0,
    logarithmic: Sequence[str] = (),
    lines: int = 1,
) -> go.Figure:
    """Pictures of the same pairs side by side; to be shown `similarity_width` wide, so that cells are square.

    Args:
        panels: title, which may have line breaks -> values (R, R), each with a colour scale from its least to
            its largest value. What stands on the diagonal, a row with itself, is left out of single labels
            and documents alike: give NaN there, as for any cell that is to have no ink.
        names: R names in order, each once; what follows a line break shows under the pointer alone.
        axis: what a row is.
        told: further numbers under the pointer, each (R, R); with those of all panels.
        cell: side of a cell in pixels.
        logarithmic: titles of panels with counts: on a logarithmic scale, without ink at 0.
        lines: how many lines there is room for in a title at least, so that pictures beside each other have
            their cells at the same height, as `title_lines` gives it.
    """
    if len(names) < 2:
        return message(f"Pairs need two of them: {axis}")
    side, beside = cell * len(names), names_px(len(names), cell)
    width = similarity_width(len(names), cell, len(panels)) - beside - _RIGHT_PX
    figure = make_subplots(1, len(panels), horizontal_spacing=_BETWEEN_PX / width if len(panels) > 1 else 0)
    numbers = np.stack([*panels.values(), *told.values()], axis=-1).astype(np.float32)
    hover = _hover([title.replace("<br>", ", ") for title in (*panels, *told)])
    further = _LINE_PX * (max(lines, title_lines(list(panels), len(names), cell)) - 1)
    height = round(_TOP_PX + further + side + beside)
    for column, (title, values) in enumerate(panels.items(), start=1):
        middle = ((column - 1) * (side + _BETWEEN_PX) + side / 2) / width
        ink = _ink(np.asarray(values, np.float32), is_logarithmic=title in logarithmic)
        below_title = 1 - (_BAR_PX + _TITLE_PX + further) / height
        ink["colorbar"] |= {"x": middle, "len": side / width, "y": below_title}
        layer = go.Heatmap(
            x=list(names), y=list(names), customdata=numbers, hoverongaps=False, hovertemplate=hover, **ink
        )
        figure.add_trace(layer, 1, column)
        _title(figure, _broken(title, len(names), cell), (column - 1) * (side + _BETWEEN_PX) / width)
    margin = {"l": beside, "r": _RIGHT_PX, "t": _TOP_PX + further, "b": beside, "pad": 0}
    figure.update_layout(template=TEMPLATE, height=height, margin=margin, hovermode="closest")
    _name_axes(figure, names, axis, cell, len(panels))
    return figure


def _name_axes(figure: go.Figure, names: Sequence[str], axis: str, cell: float, panels: int) -> None:
    """Names beside the first picture and below all of them; one look moves all pictures."""
    look = names_axis(names, cell)
    figure.update_xaxes(**look, title_text=axis, tickangle=-90)
    figure.update_yaxes(**look).update_yaxes(range=[len(names) - 0.5, -0.5])
    for column in range(2, panels + 1):
        figure.update_xaxes(matches="x", col=column).update_yaxes(
            matches="y", showticklabels=False, col=column
        )
    figure.update_yaxes(title_text=axis, col=1)


def pair_scatter(table: pd.DataFrame, methods: Mapping[str, str]) -> go.Figure:
    """Inner product over similarity, a dot a pair of labels, one panel a run; those furthest off are rings.

    Args:
        table: run, label_a, label_b, product, jaccard, together, documents_a, documents_b, is_furthest.
        methods: of each run, for its colour, in the order of the panels.
    """
    if table.empty:
        return message("No pair of labels to draw")
    titles, _ = wrapped(list(methods), 44 // len(methods), anywhere=True)
    figure = make_subplots(
        1, len(methods), subplot_titles=titles if len(methods) > 1 else None, shared_xaxes=True
    )
    for column, (run, method) in enumerate(methods.items(), start=1):
        mine = table[table["run"] == run]
        for is_furthest in (False, True):
            some = mine[mine["is_furthest"] == is_furthest]
            if len(some):
                figure.add_trace(_dots(some, method_colour(method), is_furthest=is_furthest), 1, column)
    figure.update_xaxes(title_text="Jaccard similarity", rangemode="tozero")
    figure.update_yaxes(title_text="inner product", col=1)
    figure.update_layout(template=TEMPLATE, height=400, showlegend=False, hovermode="closest")
    return figure.update_layout(margin={"t": 48 if len(methods) > 1 else 32})


def _dots(table: pd.DataFrame, colour: str, *, is_furthest: bool) -> go.Scattergl:
    marker: dict[str, Any] = {"color": colour, "size": 5, "opacity": 0.4}
    if is_furthest:
        marker = {"color": _FURTHEST, "size": 10, "symbol": "circle-open", "line": {"width": 2}}
    counts = table[["together", "documents_a", "documents_b"]].to_numpy(np.int32)
    return go.Scattergl(
        x=table["jaccard"].to_numpy(np.float32),
        y=table["product"].to_numpy(np.float32),
        mode="markers",
        marker=marker,
        text=(table["label_a"] + "<br>with " + table["label_b"]).tolist(),
        customdata=counts,
        hovertemplate="%{text}<br>inner product %{y:.3f}<br>Jaccard %{x:.3f}<br>documents with both: "
        "%{customdata[0]:,}, of %{customdata[1]:,} and %{customdata[2]:,}<extra></extra>",
    )


def _hover(titles: Sequence[str]) -> str:
    lines = [f"{title}: %{{customdata[{place}]:,.3~f}}" for place, title in enumerate(titles)]
    return "<b>%{y}</b><br>with <b>%{x}</b><br>" + "<br>".join(lines) + "<extra></extra>"


def _ink(values: np.ndarray, *, is_logarithmic: bool) -> dict[str, Any]:
    """Values, their colour scale and its bar."""
    bar: dict[str, Any] = {"orientation": "h", "xanchor": "center", "yref": "container", "yanchor": "top"}
    bar |= {"thickness": 10, "nticks": 4}
    known = values[np.isfinite(values)]
    least, largest = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    if is_logarithmic:
        shown = np.log10(np.where(values > 0, values, np.nan))
        top = max(float(np.log10(max(largest, 1))), 0.3)
        return {
            "z": shown.astype(np.float32),
            "colorscale": SEQUENTIAL,
            "zmin": 0,
            "zmax": top,
            "colorbar": bar | _few(logarithmic_ticks(largest)),
        }
    largest = largest if largest - least > _NEAR_ZERO else least + 1
    return {"z": values, "colorscale": SEQUENTIAL, "zmin": least, "zmax": largest, "colorbar": bar}


def _few(ticks: dict[str, Any]) -> dict[str, Any]:
    """Only 1, 10, 100 and so on where 2 and 5 of each would be too many below a narrow bar."""
    step = 3 if len(ticks["ticktext"]) > 4 and ticks["ticktext"][1] == "2" else 1
    return {key: values[::step] for key, values in ticks.items()}


def _broken(title: str, rows: int, cell: float) -> str:
    """A title in lines that are no wider than the cells below it, as far as these leave some room."""
    most = max(_LINE_LEAST, int((cell * rows + _RIGHT_PX) / _LETTER_PX))
    return "<br>".join(wrapped(title.split("<br>"), most, anywhere=True)[0])


def _title(figure: go.Figure, text: str, x: float) -> None:
    above = {"xref": "paper", "yref": "paper", "x": x, "xanchor": "left", "y": 1, "yanchor": "bottom"}
    above["align"] = "left"
    figure.add_annotation(
        text=f"<b>{text}</b>", showarrow=False, yshift=_TOP_PX - _BAR_PX - _TITLE_PX, **above
    )
