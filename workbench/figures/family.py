"""Methods by year, the mechanisms that each is made of, and how its runs came out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import FLOOR_LINE, faded, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message

_LINK = "#7c7c7c"
_ROW = 26
_HEADINGS = 150  # slanted names of mechanisms, and plotly's buttons above them
_NOT_SHARED = 0.35


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
    are found below and above its dots. Right of it, where there are any, scores of its runs. Each dot's
    `customdata` begins with its method.

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
    for method in methods:
        figure.add_trace(_row(mechanisms[mechanisms["method"] == method], method, own, chosen), row=1, col=1)
    _name_rows(figure, mechanisms, methods, chosen)
    _name_columns(figure, [name for name in order if name in set(mechanisms["mechanism"])])
    if has_scores:
        _add_scores(figure, scores, metric, floor)
    height = _HEADINGS + 60 + _ROW * len(methods)
    return figure.update_layout(
        template=TEMPLATE,
        showlegend=False,
        height=height,
        margin={"t": _HEADINGS, "r": 24},
        clickmode="event+select",
    )


def _add_scores(figure: go.Figure, scores: pd.DataFrame, metric: str, floor: str) -> None:
    for method, rows in scores.groupby("method", sort=False):
        figure.add_trace(_scores(rows, str(method), metric), row=1, col=2)
    for value in scores.loc[scores["variant"] == floor, "mean"].head(1):
        figure.add_vline(float(value), line=FLOOR_LINE, col=2, row=1)
    figure.update_xaxes(title_text=f"{metric} on test documents", col=2)


def _name_rows(figure: go.Figure, mechanisms: pd.DataFrame, methods: Sequence[str], chosen: str) -> None:
    years = dict(zip(mechanisms["method"], mechanisms["year"], strict=True))
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=methods[::-1],
        tickvals=methods,
        ticktext=[_heading(name, years[name], name == chosen) for name in methods],
        ticks="",
        col=1,
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


def _row(rows: pd.DataFrame, method: str, own: set[str], chosen: str) -> go.Scatter:
    shared = [name in own for name in rows["mechanism"]]
    return go.Scatter(
        x=rows["mechanism"].tolist(),
        y=rows["method"].tolist(),
        mode="lines+markers",
        line={"color": faded(_LINK, 0.6), "width": 1.5},
        marker={
            "size": 15 if method == chosen else 12,
            "symbol": "circle",
            "color": [
                method_colour(chosen) if is_own else faded(_LINK, 1 - _NOT_SHARED) for is_own in shared
            ],
            "opacity": 1,
        },
        unselected={"marker": {"opacity": 1}},
        customdata=rows[["method", "title", "about"]].to_numpy(),
        hovertemplate="<b>%{y}</b>: %{customdata[1]}<br>%{x}: %{customdata[2]}<extra></extra>",
    )


def _scores(rows: pd.DataFrame, method: str, metric: str) -> go.Scatter:
    about = rows[["method", "setting", "seeds"]].to_numpy()
    return go.Scatter(
        x=rows["mean"].to_numpy(),
        y=rows["method"].tolist(),
        mode="markers",
        marker={
            "size": 10,
            "symbol": [method_symbol(name) for name in rows["variant"]],
            "color": [method_colour(name) for name in rows["variant"]],
        },
        unselected={"marker": {"opacity": 1}},
        error_x={"array": rows["std"].to_numpy(), "thickness": 1.2, "width": 3},
        customdata=about,
        hovertemplate=f"<b>%{{customdata[1]}}</b><br>{metric} %{{x:.3f}}, "
        "seeds: %{customdata[2]}<extra></extra>",
    )
