"""The baselines on several corpora: a panel a corpus, a row a method, two metrics and the floor of each."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.theme import TEMPLATE, message, name_rows

_LOOKS = (("#0072b2", "circle"), ("#d55e00", "diamond-open"))


def baseline_figure(table: pd.DataFrame, metrics: tuple[str, str], floor: str) -> go.Figure:
    """A dot plot; a dashed line is drawn at what the floor reaches, which others should be beyond.

    Methods stand in the order of the first metric on the first corpus, the best on top; those that were not
    run there follow, by the next corpus.

    Args:
        table: corpus, method, metric, value (0 to 1; a mean where there are several seeds). Corpora stand
            from left to right as they come.
        metrics: which two are drawn.
        floor: the method that is the floor.
    """
    shown = table[table["metric"].isin(metrics)]
    if shown.empty:
        return message("No baseline was run yet")
    corpora = list(shown["corpus"].unique())
    figure = make_subplots(cols=len(corpora), shared_yaxes=True, horizontal_spacing=0.03)
    for column, corpus in enumerate(corpora, start=1):
        here = shown[shown["corpus"] == corpus]
        for metric, (colour, symbol) in zip(metrics, _LOOKS, strict=True):
            found = here[here["metric"] == metric]
            figure.add_scatter(
                x=found["value"].to_numpy(),
                y=found["method"].to_numpy(),
                name=metric,
                legendgroup=metric,
                showlegend=column == 1,
                mode="markers",
                marker={"color": colour, "symbol": symbol, "size": 10, "line": {"width": 2}},
                hovertemplate=f"<b>%{{y}}</b><br>{metric} on {corpus}: %{{x:.3f}}<extra></extra>",
                row=1,
                col=column,
            )
            for value in found.loc[found["method"] == floor, "value"]:
                line = {"dash": "dash", "width": 1, "color": colour}
                figure.add_vline(float(value), line=line, row=1, col=column)
        figure.update_xaxes(title_text=f"{corpus}<br>(0 to 1, higher is better)", col=column)
    row = name_rows(figure, list(reversed(_order(shown, corpora, metrics[0]))))
    return figure.update_layout(
        template=TEMPLATE,
        height=150 + row * shown["method"].nunique(),
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom"},
        margin={"t": 50},
    )


def _order(shown: pd.DataFrame, corpora: list[str], metric: str) -> list[str]:
    """The methods, the best first."""
    order: list[str] = []
    for corpus in corpora:
        here = shown[(shown["corpus"] == corpus) & (shown["metric"] == metric)]
        ranked = here.sort_values("value", ascending=False, kind="stable")["method"]
        order += [method for method in ranked if method not in order]
    return order + [method for method in shown["method"].unique() if method not in order]
