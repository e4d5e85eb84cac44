"""How metrics answer to settings: small multiples, one line a method, a row of panels a setting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import dashes, method_colour, method_symbol
from workbench.figures.ranges import fraction_range
from workbench.figures.theme import TEMPLATE, message

_WIDE = 20
"""Values whose largest is that many times the smallest are drawn on a logarithmic axis."""
_BESIDE = 0.13
"""Between panels, of the width of all: room for the next one's ticks and title on a page of 1,280 pixels."""
_LINE = ["variant", "encoder"]


def sensitivity_figure(
    table: pd.DataFrame, metrics: Sequence[str], *, axis: str, text: Callable[[float], str] = "{:g}".format
) -> go.Figure:
    """One panel a metric; methods without the setting are level dotted lines.

    Shown is what `settings_figure` shows of a single setting.

    Args:
        table: columns variant (the method), encoder, at (the setting's value, NaN where the method has none),
            metric, value (mean over seeds), std and n, of one split.
        metrics: the panels, from left to right.
        axis: what the setting is, for the horizontal axis.
        text: how a value of it is said there.
    """
    return settings_figure({axis: table}, metrics, text=text)


def settings_figure(
    tables: Mapping[str, pd.DataFrame],
    metrics: Sequence[str],
    *,
    text: Callable[[float], str] = "{:g}".format,
) -> go.Figure:
    """A row of panels a setting, each with a scale of its own, and one panel a metric in it, read in percent.

    Args:
        tables: by what the setting is, for the horizontal axis, as `sensitivity_figure` takes them.
        metrics: the panels of a row, from left to right.
        text: how a value of a setting is said there.
    """
    tables = {axis: table for axis, table in tables.items() if table["metric"].isin(metrics).any()}
    if not tables:
        return message("No run of this grid is finished yet")
    whole = pd.concat(list(tables.values()))
    shown = [metric for metric in metrics if (whole["metric"] == metric).any()]
    figure = make_subplots(
        rows=len(tables),
        cols=len(shown),
        horizontal_spacing=min(_BESIDE, 0.9 / max(1, len(shown) - 1)),
        vertical_spacing=0.24 / len(tables),
    )
    several = bool(whole.groupby("variant")["encoder"].nunique().gt(1).any())
    named: set[str] = set()
    for row, (axis, table) in enumerate(tables.items(), start=1):
        values = np.sort(table["at"].dropna().unique())
        lines = [(str(key[0]), str(key[1]), some) for key, some in table.groupby(_LINE, sort=False)]
        for (method, encoder, some), dash in zip(lines, dashes(it[0] for it in lines), strict=True):
            name = f"{method} · {encoder}" if several else method
            for column, metric in enumerate(shown, start=1):
                line = _line(some[some["metric"] == metric], method, name, dash, values, f"{axis}, {metric}")
                figure.add_trace(line.update(showlegend=name not in named), row=row, col=column)
                named.add(name)
        _name_values(figure, row, axis, values, text)
        for column, metric in enumerate(shown, start=1):
            rows = table[table["metric"] == metric]
            figure.update_yaxes(range=fraction_range(rows["value"], rows["std"]), row=row, col=column)
    for column, metric in enumerate(shown, start=1):
        figure.update_yaxes(title_text=f"{metric} (percent)", tickformat=".2~%", nticks=8, col=column)
    return figure.update_layout(template=TEMPLATE, height=60 + 340 * len(tables), showlegend=True)


def _name_values(
    figure: go.Figure, row: int, axis: str, values: np.ndarray, text: Callable[[float], str]
) -> None:
    """Say what a row's horizontal axes are and where its values lie."""
    figure.update_xaxes(title_text=axis, tickvals=values, ticktext=[text(value) for value in values], row=row)
    if len(values) and values[0] > 0 and values[-1] / values[0] >= _WIDE:
        figure.update_xaxes(type="log", row=row)


def _line(rows: pd.DataFrame, method: str, name: str, dash: str, values: np.ndarray, said: str) -> go.Scatter:
    level = len(rows) > 0 and bool(rows["at"].isna().all())
    if level:
        rows = rows.loc[rows.index.repeat(max(1, len(values)))].assign(at=values if len(values) else 1.0)
    ordered = rows.sort_values("at")
    return go.Scatter(
        x=ordered["at"].to_numpy(),
        y=ordered["value"].to_numpy(),
        error_y={"type": "data", "array": ordered["std"].fillna(0).to_numpy(), "thickness": 1, "width": 4},
        name=name,
        legendgroup=name,
        mode="lines" if level and len(values) > 1 else "lines+markers",
        line={"color": method_colour(method), "width": 2, "dash": "dot" if level else dash},
        marker={
            "symbol": method_symbol(method),
            "size": 9,
            "line": {"color": method_colour(method), "width": 1},
        },
        customdata=ordered["n"].to_numpy(),
        hovertemplate=f"{name}<br>{said}<br>%{{x:.4g}}: %{{y:.2%}} (runs: %{{customdata}})<extra></extra>",
    )
