"""Which labels come together, as a heat map: more ink is more, on light and dark pages alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import plotly.graph_objects as go

from workbench.figures.palette import DIVERGING, SEQUENTIAL
from workbench.figures.theme import TEMPLATE, message

MEASURES = {
    "documents": "documents with both labels",
    "probability": "p(column | row)",
    "pmi": "PMI (bits)",
}
"""What the cells can show, as the title of the colour bar says it."""

NAMED_AT_MOST = 60
NAMED_BELOW = 40
"""Up to so many rows have their names beside them, and so many columns below them where they are the rows."""
_LONGEST_NAME = 24
_MARGIN = {"t": 110, "b": 48, "pad": 0}
_BAR_PX = 26  # of plotly's buttons above everything: on a narrow page they would cover the title
_TITLE_PX = 22  # of the colour bar, drawn above it: its own one overlaps
_NONE = "rgba(0, 0, 0, 0)"
_ROOMY_AT_MOST = 30
"""Up to so many rows and columns cells are high enough for names of the usual size beside them."""
_BESIDE_NAMED, _BESIDE_UNNAMED = 150, 70
"""What stands left and right of the cells, in pixels: names or numbers, and the title of the rows."""
_BESIDE = 0.01
"""Of a cell, between its middle and its tick: under the pointer plotly would show what stands at the tick (a
number, or a name cut short) where a point is at the very place, and not the name in full."""
_HIGHEST = 560
"""Of the cells of more rows together, in pixels."""
WIDTH = 540
"""Of the picture in pixels, where a page leaves it so much: so that no room stays empty below its squares."""
_TARGETS_MOST = 20_000
_TOLD = ("documents", "expected", "probability", "pmi")
_HOVER = (
    "<b>%{y}</b><br>with <b>%{x}</b><br>documents with both: %{customdata[0]:,.0f} "
    "(by chance %{customdata[1]:,.1f})<br>p(column | row) %{customdata[2]:.3f}<br>"
    "PMI %{customdata[3]:.2f} bits<extra></extra>"
)


def cooccurrence_figure(
    cells: Mapping[str, np.ndarray],
    rows: Sequence[str],
    columns: Sequence[str],
    measure: str = "documents",
    *,
    marked: Sequence[str] = (),
    can_choose: bool = False,
    width: int = WIDTH,
) -> go.Figure:
    """A heat map of label pairs; cells without ink are pairs that never come together.

    Args:
        cells: documents, expected, probability and pmi, each (R, C), as `analysis.cooccurrence.pair_cells`
            gives them.
        rows: R names of labels or blocks of labels, each once.
        columns: C names.
        measure: which of `MEASURES` is the colour; documents on a logarithmic scale.
        marked: names of rows and columns to frame.
        can_choose: whether cells can be clicked; a point's x and y are the names of its column and row.
        width: about how wide it is shown, in pixels: cells are squares, and its height goes by that.
    """
    if not len(rows) or not len(columns):
        return message("No document of this split has a label")
    same = list(rows) == list(columns)
    if same and len(rows) == 1:
        return message("A single label comes together with no other")
    together = cells["documents"] > 0
    below = NAMED_BELOW if same else NAMED_AT_MOST
    cell = _cell(rows, columns, width)
    height = round(_MARGIN["t"] + _below(columns, below) + cell * len(rows))
    figure = go.Figure([_never(cells, rows, columns, together)])
    figure.add_trace(_pairs(cells, rows, columns, measure, together, height))
    if same:
        end = len(rows) - 0.5
        figure.add_shape(type="line", x0=-0.5, y0=-0.5, x1=end, y1=end, **_thin("rgba(128, 128, 128, 0.5)"))
    _mark(figure, rows, columns, set(marked))
    if can_choose:
        figure.add_trace(_targets(cells, rows, columns))
    above = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left"}  # on the right is plotly's own bar
    above |= {"y": 1, "yanchor": "bottom", "yshift": _MARGIN["t"] - _BAR_PX - _TITLE_PX}
    figure.add_annotation(text=MEASURES[measure], showarrow=False, **above)
    figure.update_layout(template=TEMPLATE, height=height, hovermode="closest", margin=_MARGIN)
    figure.update_xaxes(**_axis(columns, below, cell), tickangle=-90)
    title = "column: labels in the same order" if same else "column: label"
    figure.update_xaxes(title={"text": title, "standoff": 12})
    figure.update_yaxes(**_axis(rows, NAMED_AT_MOST, cell), title={"text": "row: label", "standoff": 14})
    figure.update_xaxes(constrain="domain", constraintoward="left")
    figure.update_yaxes(scaleanchor="x", constrain="domain", constraintoward="top")
    return figure.update_yaxes(range=[len(rows) - 0.5, -0.5])


def _cell(rows: Sequence[str], columns: Sequence[str], width: int) -> float:
    """The side of a cell in pixels: names need some 20 a row, and many rows as much as there is room for."""
    beside = _BESIDE_NAMED if len(rows) <= NAMED_AT_MOST else _BESIDE_UNNAMED
    room = (width - beside) / len(columns)
    if max(len(rows), len(columns)) <= _ROOMY_AT_MOST:
        return min(room, float(np.clip(300 / max(len(rows), len(columns)), 20, 44)))
    return min(room, _HIGHEST / len(rows))


def _below(columns: Sequence[str], named_at_most: int) -> int:
    """What stands below the cells in pixels: the title of the columns, and their names or numbers."""
    named = len(columns) <= named_at_most
    return 50 + (7 * max(len(_short(name)) for name in columns) if named else 18)


def _targets(cells: Mapping[str, np.ndarray], rows: Sequence[str], columns: Sequence[str]) -> go.Scattergl:
    """What can be clicked: a point in each cell with ink, for streamlit hears no clicks on heat maps."""
    down, across = np.nonzero(cells["documents"])
    most = np.sort(np.argsort(-cells["documents"][down, across], kind="stable")[:_TARGETS_MOST])
    down, across = down[most], across[most]
    told = [cells[name][down, across] for name in _TOLD]
    unseen = {"marker": {"opacity": 0}}
    return go.Scattergl(
        x=np.array(columns)[across].tolist(),
        y=np.array(rows)[down].tolist(),
        mode="markers",
        marker={"opacity": 0, "size": 10, "color": "#888888"},
        selected=unseen,
        unselected=unseen,
        customdata=np.stack(told, axis=-1).astype(np.float32),
        hovertemplate=_HOVER,
        showlegend=False,
    )


def _pairs(
    cells: Mapping[str, np.ndarray],
    rows: Sequence[str],
    columns: Sequence[str],
    measure: str,
    together: np.ndarray,
    height: int,
) -> go.Heatmap:
    shown = np.where(together, cells[measure], np.nan).astype(np.float32)
    told = [np.where(together, cells[name], np.nan) for name in _TOLD]
    return go.Heatmap(
        x=list(columns),
        y=list(rows),
        z=np.log10(shown) if measure == "documents" else shown,
        customdata=np.stack(told, axis=-1).astype(np.float32),
        hoverongaps=False,
        hovertemplate=_HOVER,
        **_colours(shown, measure, height),
    )


def _never(
    cells: Mapping[str, np.ndarray], rows: Sequence[str], columns: Sequence[str], together: np.ndarray
) -> go.Heatmap:
    """Cells without ink that say under the pointer how often chance would have filled them."""
    return go.Heatmap(
        x=list(columns),
        y=list(rows),
        z=np.where(together, np.nan, cells["expected"]).astype(np.float32),
        colorscale=[[0, _NONE], [1, _NONE]],
        showscale=False,
        hoverongaps=False,
        hovertemplate="<b>%{y}</b><br>with <b>%{x}</b><br>"
        "never together (by chance %{z:,.1f})<extra></extra>",
    )


def _colours(shown: np.ndarray, measure: str, height: int) -> dict[str, Any]:
    """Colour scale, its ends and its bar, for values of which some may be NaN."""
    known = shown[~np.isnan(shown)]
    largest = float(np.abs(known).max(initial=0)) or 1.0
    bar: dict[str, Any] = {
        "orientation": "h",
        "yref": "container",  # placed on the paper it would push the columns' title into the picture
        "y": 1 - (_BAR_PX + _TITLE_PX) / height,
        "yanchor": "top",
        "thickness": 10,
        "len": 1,
    }
    if measure == "pmi":
        return {"colorscale": DIVERGING, "zmin": -largest, "zmax": largest, "colorbar": bar}
    if measure == "probability":
        return {"colorscale": SEQUENTIAL, "zmin": 0, "zmax": largest, "colorbar": bar}
    bar |= logarithmic_ticks(largest)
    return {"colorscale": SEQUENTIAL, "zmin": 0, "zmax": max(np.log10(largest), 0.3), "colorbar": bar}


def logarithmic_ticks(largest: float) -> dict[str, Any]:
    """Ticks at 1, 10, 100 and so on; also at 2 and 5 of each where there are few."""
    steps = (1, 2, 5) if largest < 500 else (1,)
    ticks = [step * 10**power for power in range(len(str(int(largest)))) for step in steps]
    ticks = [tick for tick in ticks if tick <= largest]
    return {"tickvals": np.log10(ticks), "ticktext": [f"{tick:,}" for tick in ticks]}


def _axis(names: Sequence[str], named_at_most: int, cell: float) -> dict[str, Any]:
    named = len(names) <= named_at_most
    numbered = not named and all(name.startswith(f"{number}: ") for number, name in enumerate(names, 1))
    places = list(range(len(names)) if named else [0, *range(9, len(names), 10)])
    return {
        "type": "category",
        "range": [-0.5, len(names) - 0.5],
        "showticklabels": named or numbered,
        "tickvals": [place + _BESIDE for place in places] if named or numbered else None,
        "ticktext": [_short(names[place]) if named else str(place + 1) for place in places]
        if named or numbered
        else None,
        "ticks": "",
        "tickfont": {"size": 10 if numbered else int(np.clip(1.2 * cell, 8, 10))},
        "showgrid": False,
        "mirror": True,
        "showline": True,
    }


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1].rstrip()}…"


def _mark(figure: go.Figure, rows: Sequence[str], columns: Sequence[str], marked: set[str]) -> None:
    line = _thin("#aa4499")  # neither of the two inks
    for place in (place for place, name in enumerate(rows) if name in marked):
        figure.add_shape(x0=-0.5, x1=len(columns) - 0.5, y0=place - 0.5, y1=place + 0.5, **line)
    for place in (place for place, name in enumerate(columns) if name in marked):
        figure.add_shape(x0=place - 0.5, x1=place + 0.5, y0=-0.5, y1=len(rows) - 0.5, **line)


def _thin(colour: str) -> dict[str, Any]:
    return {"line": {"color": colour, "width": 1}}
