"""Methods side by side: each setting's mean over seeds, its spread, and the single runs behind it."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import faded, method_colour, method_symbol
from workbench.figures.theme import TEMPLATE, message, name_rows

_LOWER_IS_BETTER = {"hamming_loss"}
_FLOOR = "#8a8a8a"


def comparison_figure(
    summary: pd.DataFrame, points: pd.DataFrame, metrics: Sequence[str], floor: str = ""
) -> go.Figure:
    """A dot plot: one row a setting (the best of the first metric on top), one panel a metric.

    Args:
        summary: as `analysis.comparison.over_seeds` gives it, of one split.
        points: as `analysis.comparison.metric_table` gives it, the runs behind the means.
        metrics: the panels, from left to right.
        floor: the method that a dashed line is drawn at, which others should be beyond; none if empty.
    """
    shown = [metric for metric in metrics if (summary["metric"] == metric).any()]
    if not shown:
        return message("No run has these metrics yet")
    order = _best_last(summary, shown[0])
    figure = make_subplots(cols=len(shown), shared_yaxes=True, horizontal_spacing=0.04)
    for column, metric in enumerate(shown, start=1):
        for setting in order:
            _add_setting(
                figure, column, metric, *(table[_is(table, metric, setting)] for table in (summary, points))
            )
        _add_floor(figure, column, summary[(summary["metric"] == metric) & (summary["method"] == floor)])
        better = "lower" if metric in _LOWER_IS_BETTER else "higher"
        figure.update_xaxes(
            title_text=f"{metric}<br>0 to 1<br>{better} is better", title_font_size=12, col=column
        )
    row = name_rows(figure, order)
    return figure.update_layout(
        template=TEMPLATE,
        height=128 + row * len(order),
        showlegend=False,
        margin={"t": 8},
    )


def _add_setting(figure: go.Figure, column: int, metric: str, mean: pd.DataFrame, runs: pd.DataFrame) -> None:
    if mean.empty:
        return
    row = mean.iloc[0]
    colour, symbol = method_colour(row["method"]), method_symbol(row["method"])
    figure.add_scatter(
        x=runs["value"].to_numpy(),
        y=runs["setting"].tolist(),
        mode="markers",
        marker={"color": faded(colour, 0.4), "size": 7, "symbol": "circle"},
        customdata=runs[["run", "seed"]].astype(str).to_numpy(),
        hovertemplate=f"%{{customdata[0]}} (seed %{{customdata[1]}})<br>{metric} %{{x:.4f}}<extra></extra>",
        col=column,
        row=1,
    )
    spread = f" ± {row['std']:.4f}" if row["n"] > 1 else ""
    runs_said = f"{row['n']} runs" if row["n"] > 1 else "1 run"
    figure.add_scatter(
        x=[row["mean"]],
        y=[row["setting"]],
        error_x={"type": "data", "array": [row["std"]], "thickness": 1.5, "width": 0} if spread else None,
        mode="markers",
        marker={"color": colour, "size": 12, "symbol": symbol},
        hovertemplate=f"{row['setting']}<br>{metric} {row['mean']:.4f}{spread} ({runs_said})<extra></extra>",
        col=column,
        row=1,
    )


def _add_floor(figure: go.Figure, column: int, found: pd.DataFrame) -> None:
    for value in found["mean"].head(1):
        figure.add_vline(float(value), line={"dash": "dash", "width": 1, "color": _FLOOR}, col=column, row=1)


def _is(table: pd.DataFrame, metric: str, setting: str) -> pd.Series:
    return (table["metric"] == metric) & (table["setting"] == setting)


def _best_last(summary: pd.DataFrame, metric: str) -> list[str]:
    """Settings so that the best one is drawn on top (plotly counts categories from below)."""
    ranked = summary[summary["metric"] == metric].sort_values(
        "mean", ascending=metric not in _LOWER_IS_BETTER
    )
    rest = [setting for setting in summary["setting"].unique() if setting not in set(ranked["setting"])]
    return [*rest, *ranked["setting"]]
