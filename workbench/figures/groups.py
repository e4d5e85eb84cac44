"""Frequent, middling and rare labels: where a method gains and what it pays elsewhere."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.setting_lines import setting_lines
from workbench.figures.theme import message


def group_figure(table: pd.DataFrame, metric: str, floor: str = "") -> go.Figure:
    """A metric over label groups from frequent to rare, one line a setting, its spread over seeds as bars.

    Args:
        table: as `analysis.groups.groups_over_seeds` gives it, of one split.
        metric: what the values are, for the axis.
        floor: the method whose line is dashed, which others should be above; none if empty.
    """
    if table.empty:
        return message("No run has metrics by label group yet")
    hover = f"%{{x}} (labels: %{{customdata[0]}})<br>{metric} %{{y:.4f}}, runs: %{{customdata[1]}}"
    figure = setting_lines(table, metric, "group", ["labels", "n"], hover, height=420, floor=floor)
    sizes = table.groupby("group", sort=False)["labels"].first()
    names = [f"{group} ({size})" for group, size in sizes.items()]
    figure.update_xaxes(title_text="labels by training frequency (how many)", type="category")
    return figure.update_xaxes(tickvals=list(sizes.index), ticktext=names)
