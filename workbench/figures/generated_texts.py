"""Generated texts beside real ones, in pictures: how varied they are, and which answers were struck."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import GROUP_COLOURS, faded
from workbench.figures.theme import TEMPLATE, message, name_rows

_COLOURS = {"real": "#8a8a8a", "generated": "#6699cc"}
_BETTER = {
    "distinct-1": "higher: more varied",
    "distinct-2": "higher: more varied",
    "self-BLEU": "lower: more varied",
}


def variety_figure(table: pd.DataFrame) -> go.Figure:
    """A panel a measure with a bar for real and one for generated texts.

    Args:
        table: as `analysis.generated_texts.variety` gives it.
    """
    measures = [name for name in _BETTER if name in table and table[name].notna().any()]
    if not measures:
        return message("Fewer than two documents of each kind: nothing to compare")
    titles = [f"{name}<br><sup>{_BETTER[name]}</sup>" for name in measures]
    figure = make_subplots(cols=len(measures), subplot_titles=titles, horizontal_spacing=0.08)
    for column, measure in enumerate(measures, start=1):
        figure.add_trace(_bars(table, measure), row=1, col=column)
    figure.update_yaxes(range=[0, 1.12], tickvals=[0, 0.5, 1]).update_yaxes(title_text="fraction", col=1)
    figure.update_xaxes(title_text="training documents", ticks="")
    return figure.update_layout(template=TEMPLATE, height=320, showlegend=False, margin={"t": 64})


def struck_figure(struck: pd.DataFrame) -> go.Figure:
    """How many answers were struck for which reason, the commonest on top.

    Args:
        struck: as `analysis.generated_texts.struck_answers` gives it.
    """
    if struck.empty:
        return message("No answer was struck")
    counts = struck["reason"].value_counts(sort=True, ascending=True)
    names = [str(reason) for reason in counts.index]
    bar = go.Bar(
        x=counts.to_numpy(),
        y=names,
        orientation="h",
        marker={"color": faded(GROUP_COLOURS["unseen"], 0.8)},
        text=[f"{count:,}" for count in counts],
        hovertemplate="%{y}: %{x:,} answers<extra></extra>",
    )
    figure = go.Figure(bar)
    height = name_rows(figure, names)
    figure.update_xaxes(title_text="answers that were not used", rangemode="tozero")
    figure.update_yaxes(title_text="reason")
    return figure.update_layout(template=TEMPLATE, height=90 + height * len(names))


def _bars(table: pd.DataFrame, measure: str) -> go.Bar:
    return go.Bar(
        x=table["texts"].to_numpy(),
        y=table[measure].to_numpy(),
        marker={"color": [_COLOURS.get(name, "") for name in table["texts"]]},
        text=[f"{value:.2f}" for value in table[measure]],
        textposition="outside",
        cliponaxis=False,
        customdata=table["documents"].to_numpy(),
        hovertemplate=f"{measure} %{{y:.3f}}<br>%{{x}} documents: %{{customdata}}<extra></extra>",
    )
