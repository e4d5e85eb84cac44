"""One look for every picture: a template that works on light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap
from typing import TypeAlias

import plotly.graph_objects as go

from workbench.figures.palette import METHOD_COLOURS, OTHER_COLOURS

Figure: TypeAlias = go.Figure
"""What every function of this room gives."""

_INK = "#7c7c7c"
_GRID = "rgba(128, 128, 128, 0.22)"

_AXIS = {
    "gridcolor": _GRID,
    "linecolor": _GRID,
    "zeroline": False,
    "ticks": "outside",
    "tickcolor": _GRID,
    "automargin": True,
    "title": {"standoff": 10},
}

TEMPLATE = go.layout.Template(
    layout={
        "font": {"family": "Inter, Source Sans Pro, Helvetica, Arial, sans-serif", "size": 13, "color": _INK},
        "paper_bgcolor": "rgba(0, 0, 0, 0)",
        "plot_bgcolor": "rgba(0, 0, 0, 0)",
        "colorway": [*METHOD_COLOURS.values(), *OTHER_COLOURS],
        "margin": {"l": 16, "r": 16, "t": 32, "b": 16},
        "xaxis": _AXIS,
        "yaxis": _AXIS,
        "hoverlabel": {"align": "left"},
        "legend": {"orientation": "h", "x": 0, "y": 1.03, "yanchor": "bottom", "itemwidth": 44},
    }
)

_LOW_LINE = 44
_LOW_MOST = 2 * _LOW_LINE - 8  # lines end where words do


def message(text: str) -> go.Figure:
    """A picture without data that says why there is none."""
    figure = go.Figure(layout={"template": TEMPLATE, "height": 160})
    figure.update_xaxes(visible=False).update_yaxes(visible=False)
    return figure.add_annotation(text=text, showarrow=False, xref="paper", yref="paper", x=0.5, y=0.5)


def wrapped(names: Sequence[str], width: int = 42, *, anywhere: bool = False) -> tuple[list[str], int]:
    """Long names in lines of at most `width` characters, as far as they have spaces, and the row they need.

    With `anywhere`, lines end after hyphens too, and in the middle of a word that is longer than a line.

    Returns the names with <br> between lines, and the height in pixels of a row that holds any of them.
    """
    lines = [wrap(name, width, break_long_words=anywhere, break_on_hyphens=anywhere) for name in names]
    return ["<br>".join(some) for some in lines], max([44, *(10 + 17 * len(some) for some in lines)])


def shortened(names: Sequence[str], most: int) -> list[str]:
    """Names of at most so many characters: cut at the end, or in the middle where that leaves two alike."""
    cut = [name if len(name) <= most else f"{name[: most - 1].rstrip(' ,')}…" for name in names]
    end = most // 3
    return [
        short if cut.count(short) == 1 or short == name else f"{name[: most - end - 1]}…{name[-end:]}"
        for short, name in zip(cut, names, strict=True)
    ]


def low_rows(figure: go.Figure, names: Sequence[str]) -> int:
    """As `name_rows`, for many rows: two small lines a name at most, and no room above the first row."""
    shown, _ = wrapped(shortened(names, _LOW_MOST), _LOW_LINE, anywhere=True)
    _category_rows(figure, names, shown)
    figure.update_yaxes(tickfont_size=11, range=[-0.5, len(names) - 0.5])
    return 30


def name_rows(figure: go.Figure, names: Sequence[str]) -> int:
    """Make y a category for each of the names, the first at the bottom; returns a row's height in pixels."""
    shown, height = wrapped(names)
    _category_rows(figure, names, shown)
    return height


def _category_rows(figure: go.Figure, names: Sequence[str], shown: Sequence[str]) -> None:
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names, ticks="")
    figure.update_yaxes(tickvals=names, ticktext=shown)
