"""How fast runs come to be good, over training steps and over seconds beside each other."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.curves import AXES
from workbench.figures.palette import dashes, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message

_OVER = ("step", "wall_time_s")


def convergence_figure(table: pd.DataFrame, metric: str) -> go.Figure:
    """A validation metric after each epoch, one line a run, in two panels that share their vertical axis.

    Args:
        table: one row a run and epoch: run, method, seed, epoch, step, wall_time_s, value.
        metric: what the values are, for the axis.
    """
    if table.empty:
        return message("No run to draw")
    figure = make_subplots(cols=len(_OVER), shared_yaxes=True, horizontal_spacing=0.05)
    methods = table.groupby("run", sort=False)["method"].first()
    for (run, method), dash in zip(methods.items(), dashes(methods), strict=True):
        curve = table[table["run"] == run]
        for column, over in enumerate(_OVER, start=1):
            line = _line(str(run), str(method), curve, over, metric)
            figure.add_trace(line.update(line_dash=dash, showlegend=column == 1), row=1, col=column)
    for column, over in enumerate(_OVER, start=1):
        figure.update_xaxes(title_text=AXES[over], rangemode="tozero", col=column)
    figure.update_yaxes(title_text=f"{metric} on validation documents (0 to 1)", rangemode="tozero", col=1)
    return figure.update_layout(template=TEMPLATE, height=440, showlegend=True)


def _line(run: str, method: str, curve: pd.DataFrame, over: str, metric: str) -> go.Scatter:
    name = f"{method}, seed {curve['seed'].iloc[0]}"
    where = f"epoch %{{customdata}}, {AXES[over]} %{{x:.6g}}"
    return go.Scatter(
        x=curve[over].to_numpy(),
        y=curve["value"].to_numpy(),
        name=name,
        legendgroup=run,
        mode="lines+markers",
        line={"color": method_colour(method), "width": 2},
        marker={"symbol": method_symbol(method), "size": 9},
        customdata=curve["epoch"].to_numpy(),
        hovertemplate=f"{name}<br>{where}<br>{metric} %{{y:.4f}}<extra></extra>",
    )
