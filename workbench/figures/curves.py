"""Learning curves as small multiples: one panel a loss term or metric, one colour and sign a method."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import line_signs, shades
from workbench.figures.theme import TEMPLATE, message

AXES = {"step": "training step", "epoch": "epoch", "wall_time_s": "wall time (s)"}
"""What learning curves can be drawn over, with the axis title of each."""

_COLUMNS = 3
_DASH = {"train": "solid", "valid": "dot"}


def curve_figure(
    table: pd.DataFrame, methods: Mapping[str, str], terms: Sequence[str], *, over: str = "step"
) -> go.Figure:
    """One panel a term; training in solid lines, validation in dotted ones.

    Args:
        table: as `analysis.history.learning_curves` gives it.
        methods: the method of each run, for its colour and sign.
        terms: the panels, row by row.
        over: the column on the horizontal axis, one of `AXES`.
    """
    if table.empty or not terms:
        return message("Nothing was measured during training yet")
    rows = -(-len(terms) // _COLUMNS)
    columns = min(len(terms), _COLUMNS)
    cells: list[list[dict[str, object] | None]] = [
        [{} if row * columns + column < len(terms) else None for column in range(columns)]
        for row in range(rows)
    ]
    figure = make_subplots(
        rows=rows, cols=columns, specs=cells, horizontal_spacing=0.14, vertical_spacing=0.22 / rows
    )
    named: set[str] = set()
    runs = list(table["run"].unique())
    colours = dict(zip(runs, shades(methods[run] for run in runs), strict=True))
    signs = {run: line_signs(methods[run], 7) for run in runs}
    for place, term in enumerate(terms):
        where = {"row": place // columns + 1, "col": place % columns + 1}
        values = table[table["term"] == term]
        for (run, phase), curve in values.groupby(["run", "phase"], sort=False):
            line = _line(str(run), str(phase), curve, colours[run], over)
            figure.add_trace(line.update(showlegend=run not in named, marker=signs[run]), **where)
            named.add(str(run))
        figure.update_yaxes(title_text=term, rangemode=_range_mode(values), **where)
        figure.update_xaxes(title_text=AXES[over], **where)
    return figure.update_layout(template=TEMPLATE, height=60 + 290 * rows, showlegend=True)


def _range_mode(values: pd.DataFrame) -> str:
    """An axis goes below zero only where values do, also around a single one."""
    return "normal" if (values["value"] < 0).any() else "nonnegative"


def _line(run: str, phase: str, curve: pd.DataFrame, colour: str, over: str) -> go.Scatter:
    ordered = curve.sort_values(over, kind="stable")
    return go.Scatter(
        x=ordered[over].to_numpy(),
        y=ordered["value"].to_numpy(),
        name=run,
        legendgroup=run,
        mode="lines+markers",
        line={"color": colour, "width": 2, "dash": _DASH.get(phase, "solid")},
        hovertemplate=f"{run}, {phase}<br>{AXES[over]} %{{x:.6g}}<br>%{{y:.5g}}<extra></extra>",
    )
