"""Average ranks of methods over corpora, and which of them cannot be told apart.

Source: Demšar, "Statistical Comparisons of Classifiers over Multiple Data Sets" (2006), Figure 1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message, wrapped

_INK = "rgba(128, 128, 128, 0.9)"
_ABOVE, _BELOW = 100, 8
"""Pixels above the axis, for its numbers, its title and the critical difference, and below all names."""
_CRITICAL = 66
"""How high above the axis the critical difference is drawn, in pixels."""
_BAR = 14
"""Pixels from one bar to the next."""
_LINE, _GAP = 17, 9
"""Pixels of a line of text, and between two names."""
_LETTERS, _LETTER_PX = 28, 7.4
"""Letters in a line of a name at most, and how wide one is at most, as names go."""
_BEYOND = 0.25
"""How far the picture goes beyond the first and the last rank."""


def critical_difference_figure(
    ranks: pd.DataFrame,
    critical_difference: float,
    groups: Sequence[Sequence[str]],
    blocks: int,
    methods: Mapping[str, str] | None = None,
) -> go.Figure:
    """An axis of average ranks, the best on the left, and a bar under it for each group not told apart.

    Names stand left and right of it, each on lines of its own; one unit upwards is one pixel.

    Args:
        ranks: one row a method, the best first, with columns method (each once) and rank, as
            `analysis.significance.compare_ranks` gives them.
        critical_difference: ranks that are further apart differ (Nemenyi, 5 %).
        groups: the methods that each bar joins.
        blocks: over how many corpora ranks are averages.
        methods: the method, where names are settings, that gives each its colour and sign.
    """
    names, values = ranks["method"].astype(str).tolist(), ranks["rank"].astype(float).tolist()
    if len(names) < 2:
        return message("Ranks need several methods that were measured on the same corpora")
    said, _ = wrapped(
        [f"{name} ({rank:.2f})" for name, rank in zip(names, values, strict=True)], _LETTERS, anywhere=True
    )
    left = -(-len(names) // 2)
    steps = [*range(left), *reversed(range(len(names) - left))]  # the outermost on top: no lines cross
    row = _GAP + _LINE * max(text.count("<br>") + 1 for text in said)
    depths = [_BAR * (len(groups) + 1) + row * (step + 0.5) for step in steps]
    floor = max(depths) + row / 2 + _BELOW
    ends = 1 - _BEYOND, max(len(names), 1 + critical_difference) + _BEYOND
    figure = go.Figure()
    for place, name in enumerate(names):
        method = (methods or {}).get(name, name)
        side = place >= left
        figure.add_trace(_method(name, method, values[place], depths[place], ends[side]))
        figure.add_annotation(_name(said[place], depths[place], is_right=side))
    for number, group in enumerate(groups):
        figure.add_trace(_bar(dict(zip(names, values, strict=True)), group, -_BAR * (number + 1)))
    _add_critical_difference(figure, critical_difference)
    return _laid_out(figure, ends, floor, blocks, len(names), _widths(said, left))


def _method(name: str, method: str, rank: float, depth: float, end: float) -> go.Scatter:
    """A mark on the axis, and a line from there down and out to where the name is."""
    colour = method_colour(method)
    return go.Scatter(
        x=[rank, rank, end],
        y=[0, -depth, -depth],
        mode="lines+markers",
        line={"color": colour, "width": 1.5},
        marker={
            "color": colour,
            "symbol": method_symbol(method),
            "size": [10, 0, 0],
            "opacity": 1,
            "line": {"width": 0},
        },
        cliponaxis=False,
        name=name,
        hovertemplate=f"{name}<br>average rank {rank:.2f}<extra></extra>",
    )


def _name(text: str, depth: float, *, is_right: bool) -> go.layout.Annotation:
    side = {"x": 1, "xanchor": "left", "xshift": 6, "align": "left"}
    if not is_right:
        side = {"x": 0, "xanchor": "right", "xshift": -6, "align": "right"}
    return go.layout.Annotation(text=text, showarrow=False, xref="paper", y=-depth, yref="y", **side)


def _bar(ranks: Mapping[str, float], group: Sequence[str], height: float) -> go.Scatter:
    joined = [ranks[name] for name in group]
    return go.Scatter(
        x=[min(joined) - 0.04, max(joined) + 0.04],
        y=[height, height],
        mode="lines",
        line={"color": _INK, "width": 5},
        cliponaxis=False,
        hovertemplate=f"not told apart:<br>{'<br>'.join(group)}<extra></extra>",
    )


def _add_critical_difference(figure: go.Figure, difference: float) -> None:
    said = f"critical difference {difference:.2f}"
    figure.add_scatter(
        x=[1, 1 + difference],
        y=[_CRITICAL, _CRITICAL],
        mode="lines+markers",
        line={"color": _INK, "width": 2},
        marker={"symbol": "line-ns", "size": 10, "line": {"color": _INK, "width": 2}},
        cliponaxis=False,
        hovertemplate=f"{said} (Nemenyi, 5 %)<extra></extra>",
    )
    figure.add_annotation(
        text=said, x=1, y=_CRITICAL, yshift=6, xanchor="left", yanchor="bottom", showarrow=False
    )


def _widths(said: Sequence[str], left: int) -> list[int]:
    """Pixels that the names left and right of the axis take."""
    lines = [max(map(len, text.split("<br>"))) for text in said]
    return [round(_LETTER_PX * max(some)) + 12 for some in (lines[:left], lines[left:])]


def _laid_out(
    figure: go.Figure, ends: tuple[float, float], floor: float, blocks: int, methods: int, widths: list[int]
) -> go.Figure:
    figure.update_xaxes(
        title_text=f"average rank over {blocks} corpora (1 is best)",
        title_standoff=4,
        range=list(ends),
        tickvals=list(range(1, methods + 1)),
        showgrid=False,
        showline=True,
        linecolor=_INK,
        tickcolor=_INK,
        side="top",
        anchor="free",
        position=floor / (floor + _ABOVE),
        fixedrange=True,
    )
    figure.update_yaxes(visible=False, range=[-floor, _ABOVE], fixedrange=True)
    return figure.update_layout(
        template=TEMPLATE,
        height=round(floor + _ABOVE) + 16,
        showlegend=False,
        hovermode="closest",
        margin={"l": widths[0], "r": widths[1], "t": 8, "b": 8},
    )
