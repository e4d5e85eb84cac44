"""The long tail: documents of each label on a logarithmic scale, the most frequent label first."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import GROUP_COLOURS, GROUP_SYMBOLS
from workbench.figures.theme import TEMPLATE, message


def long_tail_figure(table: pd.DataFrame, summary: pd.DataFrame, split: str = "train") -> go.Figure:
    """One curve over the labels, a colour a group; labels without documents stand on a line of their own.

    Args:
        table: as `analysis.long_tail.long_tail` gives it.
        summary: as `analysis.long_tail.group_summary` gives it, for the legend.
        split: whose documents are counted, for the axis.
    """
    if table.empty:
        return message("No labels")
    figure = go.Figure()
    many = len(table) > 300
    for group, labels, share in zip(summary["group"], summary["labels"], summary["share"], strict=True):
        points = table[table["group"] == group]
        figure.add_scatter(
            x=points["rank"].to_numpy(),
            y=points["height"].to_numpy(),
            name=_legend(group, labels, share),
            mode="markers",
            marker={"color": GROUP_COLOURS[group], "symbol": GROUP_SYMBOLS[group], "size": 4 if many else 7},
            text=points["text"].to_numpy(),
            customdata=points["documents"].to_numpy(),
            hovertemplate=f"<b>%{{text}}</b><br>{split} documents: %{{customdata:,}}<br>"
            f"rank %{{x:,}}, {group}<extra></extra>",
        )
    figure.update_layout(template=TEMPLATE, height=460, showlegend=True, hovermode="closest")
    figure.update_xaxes(title_text="rank by training documents", rangemode="tozero")
    decades = 10 ** np.arange(len(str(int(table["documents"].max()))))
    return figure.update_yaxes(
        title_text=f"{split} documents with the label (log scale)",
        type="log",
        tickvals=[0.5, *decades.tolist()],
        ticktext=["none", *(f"{count:,}" for count in decades.tolist())],
        range=[np.log10(0.4), np.log10(max(10.0, 1.5 * float(table["documents"].max())))],
    )


def _legend(group: str, labels: int, share: float) -> str:
    many = "1 label" if labels == 1 else f"{labels:,} labels"
    if group == "unseen":
        return f"never in train: {many}"
    return f"{group}: {many}" + ("" if np.isnan(share) else f", {share:.0%} of assignments")
