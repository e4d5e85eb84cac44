"""Methods by year, the mechanisms that each is made of, and how its runs came out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import FLOOR_LINE, faded, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message, shortened

_LINK = "#7c7c7c"
_ROW, _LANE = 26, 17
"""Of a method's row, and of each setting in it where several have scores, in pixels."""
_HEADINGS = 150  # slanted names of mechanisms, and plotly's buttons above them
_NOT_SHARED = 0.35
_NAME_MOST, _LETTER = 26, 6.2
"""Characters of a setting's name beside its score, and how wide each is in pixels."""


def family_figure(
    mechanisms: pd.DataFrame,
    scores: pd.DataFrame,
    order: Sequence[str],
    chosen: str,
    metric: str,
    floor: str = "",
) -> go.Figure:
    """A graph drawn as a table: a row a method, oldest on top, a column a mechanism, a dot where it has it.

    A line joins a method's dots; columns that the chosen method has are in its colour, so that its relatives
    are found below and above its dots. Right of it, where there are any, scores of its runs, each setting
    on a height of its own and with its name, unless it is the method's only one. Each dot's `customdata`
    begins with its method.

    Args:
        mechanisms: as `analysis.family.mechanism_table` gives it.
        scores: as `analysis.family.family_scores` gives it; methods without a row are left out.
        order: mechanisms from left to right.
        chosen: the method whose columns stand out.
        metric: the name of what `scores` has.
        floor: the variant that a dashed line is drawn at among the scores; none if empty.
    """
    if mechanisms.empty:
        return message("No method to draw")
    methods = list(dict.fromkeys(mechanisms["method"]))
    scores = scores[scores["method"].isin(methods)]
    has_scores = not scores.empty
    figure = make_subplots(
        cols=2 if has_scores else 1,
        shared_yaxes=True,
        column_widths=[0.68, 0.32] if has_scores else [1],
        horizontal_spacing=0.03,
    )
    own = set(mechanisms.loc[mechanisms["method"] == chosen, "mechanism"])
    heights = _heights(methods, scores)
    for method, middle in _middles(heights).items():
        rows = mechanisms[mechanisms["method"] == method]
        figure.add_trace(_row(rows, middle, own, chosen), row=1, col=1)
    _name_rows(figure, mechanisms, heights, chosen)
    _name_columns(figure, [name for name in order if name in set(mechanisms["mechanism"])])
    right = _add_scores(figure, scores, heights, metric, floor) if has_scores else 24
    height = _HEADINGS + 60 + sum(heights.values())
    return figure.update_layout(
        template=TEMPLATE,
        showlegend=False,
        height=height,
        margin={"t": _HEADINGS, "r": right},
        clickmode="event+select",
    )


def _heights(methods: Sequence[str], scores: pd.DataFrame) -> dict[str, int]:
    """How high each method's row is in pixels, from top to bottom: higher where many settings have scores."""
    settings = scores["method"].value_counts()
    return {method: max(_ROW, _LANE * int(settings.get(method, 0)) + 8) for method in methods}


def _middles(heights: Mapping[str, int]) -> dict[str, float]:
    """Where the middle of each row is, in pixels below the top."""
    below = np.cumsum(list(heights.values()))
    return {
        method: float(end - height / 2) for (method, height), end in zip(heights.items(), below, strict=True)
    }


def _add_scores(
    figure: go.Figure, scores: pd.DataFrame, heights: Mapping[str, int], metric: str, floor: str
) -> int:
    """Add the marks with their names; returns the room in pixels that names take right of the panel."""
    middles = _middles(heights)
    beside = {"xref": "x2 domain", "x": 1, "xanchor": "left", "xshift": 6, "yref": "y2", "yanchor": "middle"}
    longest = 0
    for method, rows in scores.groupby("method", sort=False):
        named = shortened(_names(rows, str(method)), _NAME_MOST)
        first = middles[str(method)] - _LANE * (len(rows) - 1) / 2
        for number, name in enumerate(named):
            y = first + _LANE * number
            figure.add_trace(_score(rows.iloc[number], y, metric), row=1, col=2)
            if name:
                figure.add_annotation(text=name, y=y, showarrow=False, font_size=11, **beside)
        longest = max(longest, *map(len, named))
    for value in scores.loc[scores["variant"] == floor, "mean"].head(1):
        figure.add_vline(float(value), line=FLOOR_LINE, col=2, row=1)
    figure.update_xaxes(title_text=f"{metric} on test documents", col=2)
    return round(24 + _LETTER * longest)


def _names(rows: pd.DataFrame, method: str) -> list[str]:
    """The variant of each setting, or all of it where several have one variant; none if it is the method."""
    if rows["variant"].tolist() == [method]:
        return [""]
    return rows["variant"].where(~rows["variant"].duplicated(keep=False), rows["setting"]).tolist()


def _name_rows(figure: go.Figure, mechanisms: pd.DataFrame, heights: Mapping[str, int], chosen: str) -> None:
    years = dict(zip(mechanisms["method"], mechanisms["year"], strict=True))
    figure.update_yaxes(
        range=[sum(heights.values()), 0],
        tickvals=list(_middles(heights).values()),
        ticktext=[_heading(name, years[name], name == chosen) for name in heights],
        ticks="",
    )


def _name_columns(figure: go.Figure, mechanisms: Sequence[str]) -> None:
    figure.update_xaxes(
        type="category",
        categoryorder="array",
        categoryarray=mechanisms,
        range=[-0.6, len(mechanisms) - 0.4],
        side="top",
        tickangle=-45,
        ticks="",
        automargin=False,
        col=1,
    )


def _heading(method: str, year: int, is_chosen: bool) -> str:
    said = f"{method} ({year})"
    return f"<b>{said}</b>" if is_chosen else said


def _row(rows: pd.DataFrame, y: float, own: set[str], chosen: str) -> go.Scatter:
    shared = [name in own for name in rows["mechanism"]]
    return go.Scatter(
        x=rows["mechanism"].tolist(),
        y=[y] * len(rows),
        mode="lines+markers",
        line={"color": faded(_LINK, 0.6), "width": 1.5},
        marker={
            "size": 15 if rows["method"].iloc[0] == chosen else 12,
            "symbol": "circle",
            "color": [
                method_colour(chosen) if is_own else faded(_LINK, 1 - _NOT_SHARED) for is_own in shared
            ],
            "opacity": 1,
        },
        unselected={"marker": {"opacity": 1}},
        customdata=rows[["method", "title", "about"]].to_numpy(),
        hovertemplate="<b>%{customdata[0]}</b>: %{customdata[1]}<br>%{x}: %{customdata[2]}<extra></extra>",
    )


def _score(row: pd.Series, y: float, metric: str) -> go.Scatter:
    colour = method_colour(row["variant"])
    return go.Scatter(
        x=[row["mean"]],
        y=[y],
        mode="markers",
        marker={"size": 10, "symbol": method_symbol(row["variant"]), "color": colour},
        unselected={"marker": {"opacity": 1}},
        error_x={"array": [row["std"]], "thickness": 1.2, "width": 3, "color": colour},
        customdata=[[row["method"], row["setting"], row["seeds"]]],
        hovertemplate=f"<b>%{{customdata[1]}}</b><br>{metric} %{{x:.3f}}, "
        "seeds: %{customdata[2]}<extra></extra>",
    )
