"""Methods side by side: each setting's mean over seeds, its spread, and the single runs behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import FLOOR_LINE, faded, method_colour, method_symbol
from workbench.figures.ranges import fraction_range, is_fraction
from workbench.figures.theme import TEMPLATE, low_rows, message, wrapped

_LOWER_IS_BETTER = {"hamming_loss"}
_LONG = 14
"""With more rows than these, scales stand above them too."""
_TICKS = 14
"""Of all panels together, so that their labels stand beside each other without being turned."""


def comparison_figure(
    summary: pd.DataFrame,
    points: pd.DataFrame,
    metrics: Sequence[str],
    floor: str = "",
    details: Mapping[str, str] | None = None,
) -> go.Figure:
    """A dot plot: one row a setting (the best of the first metric on top), one panel a metric.

    Args:
        summary: as `analysis.comparison.over_seeds` gives it, of one split.
        points: as `analysis.comparison.metric_table` gives it, the runs behind the means.
        metrics: the panels, from left to right.
        floor: the setting, or the method of one, that a dashed line is drawn at, which others should be
            beyond; none if empty.
        details: of a setting, what is said of it under the pointer instead of its name.
    """
    shown = [metric for metric in metrics if (summary["metric"] == metric).any()]
    if not shown:
        return message("No run has these metrics yet")
    order = _best_last(summary, shown[0])
    figure = make_subplots(cols=len(shown), shared_yaxes=True, horizontal_spacing=0.04)
    for column, metric in enumerate(shown, start=1):
        for setting in order:
            mean, runs = (table[_is(table, metric, setting)] for table in (summary, points))
            _add_setting(figure, column, metric, mean, runs, (details or {}).get(setting, setting))
        is_floor = (summary["setting"] == floor) | (summary["method"] == floor)
        _add_floor(figure, column, summary[(summary["metric"] == metric) & is_floor])
        _name_metric(figure, column, metric, summary, points)
    figure.update_xaxes(title_font_size=12, tickangle=0, nticks=max(3, _TICKS // len(shown)))
    row = low_rows(figure, order)
    _say_means(figure, summary[summary["metric"] == shown[0]])
    is_long = len(order) > _LONG
    if is_long:
        _axes_above(figure, shown, order)
    return figure.update_layout(
        template=TEMPLATE,
        height=124 + 36 * is_long + row * len(order),
        showlegend=False,
        margin={"t": 52 if is_long else 30, "r": 108},
    )


def _add_setting(
    figure: go.Figure, column: int, metric: str, mean: pd.DataFrame, runs: pd.DataFrame, said: str
) -> None:
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
    (lines,), _ = wrapped([said], 80, anywhere=True)
    runs_said = f"{row['n']} runs" if row["n"] > 1 else "1 run"
    figure.add_scatter(
        x=[row["mean"]],
        y=[row["setting"]],
        error_x={"type": "data", "array": [row["std"]], "thickness": 1.5, "width": 0} if spread else None,
        mode="markers",
        marker={"color": colour, "size": 12, "symbol": symbol, "line": {"color": colour, "width": 1}},
        hovertemplate=f"{lines}<br>{metric} {row['mean']:.4f}{spread} ({runs_said})<extra></extra>",
        col=column,
        row=1,
    )


def _add_floor(figure: go.Figure, column: int, found: pd.DataFrame) -> None:
    for value in found["mean"].head(1):
        figure.add_vline(float(value), line=FLOOR_LINE, col=column, row=1)


def _say_means(figure: go.Figure, means: pd.DataFrame) -> None:
    """The first metric's numbers at the right of the rows, under its name."""
    look = {"xref": "paper", "x": 1, "xanchor": "left", "xshift": 8, "showarrow": False, "font": {"size": 11}}
    for row in means.to_dict("records"):
        spread = f" ± {row['std']:.4f}" if row["n"] > 1 else ""
        figure.add_annotation(text=f"{row['mean']:.4f}{spread}", y=row["setting"], yref="y", **look)
    title = f"<b>{means['metric'].iloc[0]}</b>"
    figure.add_annotation(text=title, y=1, yref="paper", yanchor="bottom", **look)


def _axes_above(figure: go.Figure, metrics: Sequence[str], order: Sequence[str]) -> None:
    """The scale of each panel above the first row too, for the bottom is out of sight."""
    for column, metric in enumerate(metrics, start=1):
        number = column if column > 1 else ""
        below = figure.layout[f"xaxis{number}"]
        figure.add_scatter(  # an axis without a mark is not drawn
            x=[None],
            y=[order[0]],
            mode="markers",
            marker={"opacity": 0},
            hoverinfo="skip",
            xaxis=f"x{len(metrics) + column}",
            yaxis=f"y{number}",
        )
        axis = {"overlaying": f"x{number}", "matches": f"x{number}", "anchor": f"y{number}", "side": "top"}
        look = {"range": below.range, "nticks": below.nticks, "tickangle": 0, "showgrid": False}
        title = {"text": metric, "font": {"size": 12}, "standoff": 4}
        figure.update_layout({f"xaxis{len(metrics) + column}": axis | look | {"title": title}})


def _is(table: pd.DataFrame, metric: str, setting: str) -> pd.Series:
    return (table["metric"] == metric) & (table["setting"] == setting)


def _name_metric(
    figure: go.Figure, column: int, metric: str, summary: pd.DataFrame, points: pd.DataFrame
) -> None:
    """Say what an axis is; that of a metric reaches around its marks, and not beyond 0 and 1."""
    if not is_fraction(metric):
        figure.update_xaxes(title_text=metric, col=column)
        return
    means, runs = (table[table["metric"] == metric] for table in (summary, points))
    better = "lower" if metric in _LOWER_IS_BETTER else "higher"
    figure.update_xaxes(
        title_text=f"{metric}<br>0 to 1<br>{better} is better",
        range=fraction_range([*means["mean"], *runs["value"]], [*means["std"], *[0.0] * len(runs)]),
        col=column,
    )


def _best_last(summary: pd.DataFrame, metric: str) -> list[str]:
    """Settings so that the best one is drawn on top (plotly counts categories from below)."""
    ranked = summary[summary["metric"] == metric].sort_values(
        "mean", ascending=metric not in _LOWER_IS_BETTER
    )
    rest = [setting for setting in summary["setting"].unique() if setting not in set(ranked["setting"])]
    return [*rest, *ranked["setting"]]
