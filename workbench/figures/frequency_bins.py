"""Metrics along the tail, and what two ways of augmenting do to the number of documents a label has."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.setting_lines import setting_lines
from workbench.figures.theme import TEMPLATE, message

_WAYS = {
    "sample_level": ("whole documents repeated", "#d55e00", "triangle-up"),
    "pair_level": ("features of the label alone", "#009e73", "diamond"),
    "original": ("as it is", "#8a8a8a", "circle"),
}


def bin_figure(table: pd.DataFrame, metric: str, floor: str = "") -> go.Figure:
    """A metric over bins from frequent to rare labels, one line a setting, its spread over seeds as bars.

    Args:
        table: as `analysis.frequency_bins.bins_over_seeds` gives it, of one split.
        metric: what the values are, for the axis.
        floor: the method whose line is dashed, which others should be above; none if empty.
    """
    if table.empty:
        return message("No run to draw")
    hover = (
        "%{customdata[0]} labels of %{customdata[2]} to %{customdata[1]} training documents<br>"
        f"{metric} %{{y:.4f}}, runs: %{{customdata[3]}}"
    )
    told = ["labels", "most", "least", "n"]
    figure = setting_lines(table, metric, "bin", told, hover, height=440, floor=floor)
    bins = table.drop_duplicates("bin")
    names = [
        f"{most:,}" if most == least else f"{most:,}–{least:,}"
        for most, least in zip(bins["most"], bins["least"], strict=True)
    ]
    size = int(bins["labels"].max())
    return figure.update_xaxes(
        title_text=f"bins of about {size} labels, by training documents a label",
        tickvals=bins["bin"].tolist(),
        ticktext=names,
    )


def augmentation_figure(table: pd.DataFrame) -> go.Figure:
    """Positive pairs of each label before and after augmentation, on a log scale.

    Args:
        table: as `analysis.frequency_bins.augmented_counts` gives it, with a column `text` for hover.
    """
    if table.empty:
        return message("No labels")
    figure = go.Figure()
    for way, (name, colour, symbol) in _WAYS.items():
        figure.add_scatter(
            x=table["rank"].to_numpy(),
            y=table[way].clip(lower=0.5).to_numpy(),
            name=name,
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 5 if len(table) > 300 else 7},
            text=table["text"].to_numpy(),
            customdata=table[way].to_numpy(),
            hovertemplate=f"<b>%{{text}}</b><br>{name}: %{{customdata:,}}<extra></extra>",
        )
    figure.update_layout(template=TEMPLATE, height=440, showlegend=True, hovermode="closest")
    figure.update_xaxes(title_text="rank by training documents", rangemode="tozero")
    most = int(table[list(_WAYS)].to_numpy().max())
    ticks = [step * 10**decade for decade in range(len(str(most))) for step in (1, 2, 5)]
    return figure.update_yaxes(
        title_text="positive pairs of the label in training (log scale)",
        type="log",
        tickvals=[0.5, *ticks],
        ticktext=["none", *(f"{tick:,}" for tick in ticks)],
    )
