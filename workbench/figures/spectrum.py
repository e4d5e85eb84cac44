"""Spectra of label embeddings: how large each singular value is, and how fast their energy adds up."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import dashes, line_signs, method_colour
from workbench.figures.theme import TEMPLATE, message

_SMALLEST_SHOWN = 1e-6
_INDEX = "index of the singular value, largest first"
_ONE_OCTAVE = float(np.log10(2))


def spectrum_figure(table: pd.DataFrame, methods: Mapping[str, str], *, normalised: bool = True) -> go.Figure:
    """Cumulative energy and singular values beside each other, under one legend.

    Takes what `energy_figure` and `singular_value_figure` take.
    """
    if table.empty:
        return message("No label embeddings to draw")
    both = make_subplots(cols=2, horizontal_spacing=0.06)
    for column, draw in enumerate((energy_figure, singular_value_figure), start=1):
        single = draw(table, methods, normalised=normalised)
        for line in single.data:
            both.add_trace(line.update(legendgroup=line.name, showlegend=column == 1), row=1, col=column)
        both.layout.shapes += single.layout.shapes
        both.layout.annotations += single.layout.annotations
        both.update_xaxes(single.layout.xaxis.to_plotly_json(), col=column)
        both.update_yaxes(single.layout.yaxis.to_plotly_json(), col=column)
    both.update_xaxes(title_text=_INDEX.replace(", ", "<br>"))  # beside each other on a narrow page
    both.update_yaxes(side="right", col=2)  # between the panels its title would cover the first one
    return both.update_layout(template=TEMPLATE, height=480, showlegend=True)


def singular_value_figure(
    table: pd.DataFrame, methods: Mapping[str, str], *, normalised: bool = True
) -> go.Figure:
    """Singular values over their index, on a logarithmic scale, one line a run.

    Args:
        table: as `analysis.spectrum.spectrum_table` gives it.
        methods: the method of each run, for its colour and sign.
        normalised: divide by each run's largest value.
    """
    if table.empty:
        return message("No label embeddings to draw")
    column = "singular_value_share" if normalised else "singular_value"
    unit = "relative to the largest" if normalised else "as trained"
    figure = _lines(table, methods, column, "σ")
    drawn = table[column].to_numpy()
    lowest = max(float(np.min(drawn)), _SMALLEST_SHOWN * float(np.max(drawn)))
    if lowest > 0:
        span = [np.log10(lowest) - 0.1, np.log10(float(np.max(drawn))) + 0.1]
        figure.update_yaxes(type="log", range=span, dtick=_ONE_OCTAVE if span[1] - span[0] < 1.2 else 1)
    return figure.update_yaxes(title_text=f"singular value, {unit}")


def energy_figure(table: pd.DataFrame, methods: Mapping[str, str], *, normalised: bool = True) -> go.Figure:
    """Cumulative energy over the number of singular values, one line a run, with the 90 % mark.

    Takes the same table as `singular_value_figure`; `normalised` divides by each run's total.
    """
    if table.empty:
        return message("No label embeddings to draw")
    figure = _lines(table, methods, "energy_share" if normalised else "energy", "energy")
    if not normalised:
        return figure.update_yaxes(title_text="cumulative energy Σσ², as trained", rangemode="tozero")
    figure.add_hline(y=0.9, line={"dash": "dot", "width": 1, "color": "#7c7c7c"})
    figure.add_annotation(
        text="90 %", xref="x domain", x=1, xanchor="right", y=0.9, yanchor="top", showarrow=False
    )
    return figure.update_yaxes(
        title_text="cumulative energy Σσ², share of total", range=[0, 1.02], tickformat=".0%"
    )


def _lines(table: pd.DataFrame, methods: Mapping[str, str], column: str, symbol: str) -> go.Figure:
    runs = list(table["run"].unique())
    figure = go.Figure()
    for run, dash in zip(runs, dashes(methods[run] for run in runs), strict=True):
        rows = table[table["run"] == run]
        figure.add_scatter(
            x=rows["index"].to_numpy(),
            y=rows[column].to_numpy(),
            name=run,
            mode="lines+markers",
            marker=line_signs(methods[run], 9),
            line={"color": method_colour(methods[run]), "width": 2, "dash": dash},
            hovertemplate=f"{run}<br>index %{{x}}<br>{symbol} %{{y:.4g}}<extra></extra>",
        )
    figure.update_layout(template=TEMPLATE, height=420, showlegend=True)
    return figure.update_xaxes(title_text=_INDEX)
