"""Groups of labels from frequent to rare: how often training shows their labels, and F1 of each setting."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import GROUP_COLOURS, faded, method_colour, patterns
from workbench.figures.theme import TEMPLATE, message

_GROUPS = "groups of labels, by training documents a label (how many labels)"
_GREY = GROUP_COLOURS["unseen"]


def frequency_f1_figure(table: pd.DataFrame, metric: str) -> go.Figure:
    """A bar a setting in each group of labels, its spread over seeds as a line.

    Args:
        table: as `analysis.frequency_f1.f1_over_seeds` gives it, of one split.
        metric: what the values are, for the axis.
    """
    if table.empty:
        return message("No run to draw")
    groups = _groups(table)
    figure = go.Figure(list(_bars(table, metric)))
    figure.update_layout(template=TEMPLATE, height=420, barmode="group", bargap=0.25, showlegend=True)
    figure.update_xaxes(
        title_text=_GROUPS, tickvals=groups["bin"].tolist(), ticktext=_names(groups), tickangle=0
    )
    return figure.update_yaxes(title_text=f"{metric} (0 to 1)", rangemode="tozero")


def distribution_figure(labels: pd.DataFrame, table: pd.DataFrame, metric: str) -> go.Figure:
    """How often training shows each label, in shades of grey by group, beside `frequency_f1_figure`.

    Args:
        labels: as `analysis.frequency_f1.frequency_table` gives it, in the groups of the table.
        table: as `analysis.frequency_f1.f1_over_seeds` gives it, of one split.
        metric: what its values are, for the axis.
    """
    if labels.empty or table.empty:
        return message("No run to draw")
    groups = _groups(table)
    titles = ("(a) training documents of each label", f"(b) {metric} of each group")
    figure = make_subplots(cols=2, subplot_titles=titles, horizontal_spacing=0.1)
    figure.add_trace(_distribution(labels), row=1, col=1)
    figure.add_traces(list(_bars(table, metric)), rows=1, cols=2)
    figure.update_layout(template=TEMPLATE, height=500, barmode="group", bargap=0.25, showlegend=True)
    figure.update_layout(margin={"t": 100}, legend={"yref": "container", "y": 1, "yanchor": "top"})
    middles = labels.groupby("bin", sort=True)["rank"].mean()
    figure.update_xaxes(ticktext=_names(groups), tickangle=0)
    figure.update_xaxes(title_text="labels, the most frequent first", tickvals=middles.tolist(), col=1)
    figure.update_xaxes(title_text="groups of labels", tickvals=groups["bin"].tolist(), col=2)
    figure.update_yaxes(title_text="training documents", rangemode="tozero", col=1)
    return figure.update_yaxes(title_text=f"{metric} (0 to 1)", rangemode="tozero", col=2)


def _distribution(labels: pd.DataFrame) -> go.Bar:
    """A bar a label; neighbouring groups differ in their grey."""
    shades = np.array([faded(_GREY, 1.0), faded(_GREY, 0.5)], dtype=object)
    return go.Bar(
        x=labels["rank"].to_numpy(),
        y=labels["documents"].to_numpy(),
        marker={"color": shades[(labels["bin"].to_numpy() - 1) % 2], "line": {"width": 0}},
        text=labels["text"].to_numpy(),
        textposition="none",
        customdata=labels["bin"].to_numpy(),
        showlegend=False,
        hovertemplate="<b>%{text}</b><br>training documents: %{y:,}<br>"
        "rank %{x:,}, group %{customdata}<extra></extra>",
    )


def _bars(table: pd.DataFrame, metric: str) -> Iterator[go.Bar]:
    """The bars of each setting."""
    methods = table.groupby("setting", sort=False)["method"].first()
    for (setting, method), pattern in zip(methods.items(), patterns(methods), strict=True):
        rows = table[table["setting"] == setting]
        yield go.Bar(
            x=rows["bin"].to_numpy(),
            y=rows["mean"].to_numpy(),
            error_y={"type": "data", "array": rows["std"].to_numpy(), "thickness": 1, "width": 3}
            if rows["std"].notna().any()
            else None,
            name=str(setting),
            marker={
                "color": method_colour(method),
                "pattern": {"shape": pattern, "solidity": 0.25},
            },
            customdata=rows[["labels", "tested", "n"]].to_numpy(),
            hovertemplate=f"{setting}<br>{metric} %{{y:.4f}} (runs: %{{customdata[2]}})<br>labels: "
            "%{customdata[0]}, %{customdata[1]} of them on test documents<extra></extra>",
        )


def _groups(table: pd.DataFrame) -> pd.DataFrame:
    return table.drop_duplicates("bin").sort_values("bin")


def _names(groups: pd.DataFrame) -> list[str]:
    return [_named(group) for group in groups.to_dict("records")]


def _named(group: Mapping[Hashable, Any]) -> str:
    most, least = group["most"], group["least"]
    if not most:
        return f"never seen<br>({group['labels']})"
    edges = f"{most:,}" if most == least else f"{most:,}–{least:,}"
    return f"{edges}<br>({group['labels']})"
