"""Gold and predicted p(b | a) of label pairs and their difference, and how far runs are from the gold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import DIVERGING, SEQUENTIAL, method_colour, patterns
from workbench.figures.square_cells import names_axis, names_px
from workbench.figures.theme import TEMPLATE, message, name_rows

PICTURES = {"gold": "gold p(b | a)", "predicted": "predicted p(b | a)", "difference": "predicted − gold"}
"""What a picture shows, as the title of its colour bar says it."""
_NONE = "rgba(0, 0, 0, 0)"
_TOP_PX, _RIGHT_PX = 104, 14
_BAR_PX, _TITLE_PX = 26, 22
"""Of plotly's buttons above everything, and of the colour bar's title under them."""
_BESIDE = "#8a8a8a"
"""Of what runs are read against."""
_COUNTS = (
    "<b>a</b>: %{y}<br><b>b</b>: %{x}<br>"
    "gold: %{customdata[1]:,} of %{customdata[0]:,} documents with a have b, p(b | a) %{customdata[2]:.3f}"
)
_KNOWN = (
    f"{_COUNTS}<br>predicted: %{{customdata[4]:,}} of %{{customdata[3]:,}}, p(b | a) %{{customdata[5]:.3f}}"
    "<br>difference %{customdata[6]:+.3f}<extra></extra>"
)
_UNKNOWN = f"{_COUNTS}<br>predicted: no document has a<extra></extra>"
_TOLD = (
    "gold_given",
    "gold_together",
    "gold",
    "predicted_given",
    "predicted_together",
    "predicted",
    "difference",
)


def pair_width(labels: int, cell: float, *, is_named: bool = True) -> int:
    """How wide a picture of so many labels is, in pixels, with cells of `cell` pixels."""
    return round(cell * labels + names_px(labels, cell, is_named=is_named) + _RIGHT_PX)


def pair_figure(
    arrays: Mapping[str, np.ndarray],
    names: Sequence[str],
    picture: str,
    *,
    cell: float = 12.0,
    is_named: bool = True,
) -> go.Figure:
    """One picture of label pairs; to be shown `pair_width` wide, so that its cells are squares.

    Args:
        arrays: as `analysis.label_pairs.pair_arrays` gives them, (K, K) each.
        names: K names of labels, each once; few enough of them stand beside and below the cells.
        picture: which of `PICTURES`. Cells without ink are pairs that never come together; in the difference,
            those of a label that nothing is predicted to have.
        cell: side of a cell in pixels.
        is_named: names stand beside the rows; not where those of a picture at the left do.
    """
    if len(names) < 2:
        return message("Pairs need two labels that test documents have")
    beside = names_px(len(names), cell)
    height = round(_TOP_PX + cell * len(names) + beside)
    figure = go.Figure([_ink(arrays, names, picture, height), *_hover(arrays, names)])
    end = len(names) - 0.5
    line = {"color": "rgba(128, 128, 128, 0.5)", "width": 1}
    figure.add_shape(type="line", x0=-0.5, y0=-0.5, x1=end, y1=end, line=line)
    above = {"xref": "paper", "yref": "paper", "x": 0, "xanchor": "left"}
    above |= {"y": 1, "yanchor": "bottom", "yshift": _TOP_PX - _BAR_PX - _TITLE_PX}
    figure.add_annotation(text=f"<b>{PICTURES[picture]}</b>", showarrow=False, **above)
    left = names_px(len(names), cell, is_named=is_named)
    margin = {"l": left, "r": _RIGHT_PX, "t": _TOP_PX, "b": beside, "pad": 0}
    figure.update_layout(template=TEMPLATE, height=height, margin=margin, hovermode="closest")
    axis = names_axis(names, cell)
    figure.update_xaxes(**axis, title_text="label b", tickangle=-90)
    shown = {} if is_named else {"showticklabels": False}
    figure.update_yaxes(**axis | shown, title_text="given label a")
    return figure.update_yaxes(range=[end, -0.5])


def divergence_figure(table: pd.DataFrame, methods: Mapping[str, str]) -> go.Figure:
    """A bar for the divergence of each run, the nearest to 0 on top, and grey ones to read them against.

    Args:
        table: as `analysis.label_pairs.divergence_table` gives it.
        methods: the method of each run, for its colour.
    """
    if table.empty:
        return message("No run to draw")
    rows = table.iloc[::-1]  # plotly counts categories from below
    known = dict(zip(methods, patterns(methods.values()), strict=True))
    figure = go.Figure(
        go.Bar(
            x=rows["divergence"].to_numpy(),
            y=rows["name"].tolist(),
            orientation="h",
            marker={
                "color": [
                    method_colour(methods[name]) if name in methods else _BESIDE for name in rows["name"]
                ],
                "opacity": [1.0 if is_run else 0.55 for is_run in rows["is_run"]],
                "pattern": {
                    "shape": [known.get(name, "") for name in rows["name"]],
                    "solidity": 0.25,
                },
            },
            text=[f"{value:,.4g}" for value in rows["divergence"]],
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}<br>divergence %{x:,.6g} nats<extra></extra>",
        )
    )
    row = name_rows(figure, rows["name"].tolist())
    figure.update_xaxes(title_text="KL(gold || predicted), nats, over all label pairs (0 is alike)")
    height = 70 + min(row, 44) * len(rows)
    return figure.update_layout(template=TEMPLATE, height=height, margin={"t": 8, "r": 64}, bargap=0.35)


def _ink(arrays: Mapping[str, np.ndarray], names: Sequence[str], picture: str, height: int) -> go.Heatmap:
    shown = np.array(arrays[picture], dtype=np.float32)
    bar = {
        "orientation": "h",
        "yref": "container",
        "y": 1 - (_BAR_PX + _TITLE_PX) / height,
        "yanchor": "top",
        "thickness": 10,
        "len": 1,
        "nticks": 4,
    }
    if picture == "difference":
        largest = _largest(shown)
        colours: dict[str, Any] = {"colorscale": DIVERGING, "zmin": -largest, "zmax": largest}
    else:
        largest = max(_largest(arrays["gold"]), _largest(arrays["predicted"]))  # one scale for both
        colours = {"colorscale": SEQUENTIAL, "zmin": 0, "zmax": largest}
        shown[shown == 0] = np.nan
    return go.Heatmap(x=list(names), y=list(names), z=shown, hoverinfo="skip", colorbar=bar, **colours)


def _hover(arrays: Mapping[str, np.ndarray], names: Sequence[str]) -> list[go.Heatmap]:
    """Layers without ink that say a pair's counts, where something is predicted of a and where not."""
    told = np.stack([arrays[name] for name in _TOLD], axis=-1).astype(np.float32)
    is_known = ~np.isnan(arrays["predicted"])
    is_pair = ~np.eye(len(names), dtype=bool)
    return [
        go.Heatmap(
            x=list(names),
            y=list(names),
            z=np.where(cells, np.float32(0), np.float32(np.nan)),
            customdata=told,
            colorscale=[[0, _NONE], [1, _NONE]],
            showscale=False,
            hoverongaps=False,
            hovertemplate=template,
        )
        for cells, template in ((is_pair & is_known, _KNOWN), (is_pair & ~is_known, _UNKNOWN))
    ]


def _largest(values: np.ndarray) -> float:
    known = np.abs(values[~np.isnan(values)])
    return float(known.max(initial=0)) or 1.0
