"""How many label combinations there are, gold and predicted, and how many of them training never showed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import faded, method_colour
from workbench.figures.theme import TEMPLATE, message, name_rows

_PARTS = {"seen": ("seen in training", 1.0), "unseen": ("never seen in training", 0.45)}
_GOLD = "#7c7c7c"


def combination_figure(table: pd.DataFrame, methods: Mapping[str, str]) -> go.Figure:
    """A bar for the gold label sets and one a run: different combinations, those never seen hatched.

    Args:
        table: as `analysis.combinations.combination_table` gives it, the gold first; where nothing is known
            of training, bars are in one piece.
        methods: the method of each run, for its colour.
    """
    if table.empty:
        return message("No label sets to draw")
    rows = table.iloc[::-1]
    colours = [method_colour(methods[name]) if name in methods else _GOLD for name in rows["name"]]
    figure = go.Figure()
    if rows["seen"].isna().all():
        figure.add_trace(_bars(rows, "combinations", "all combinations", colours, ""))
    else:
        for part, (name, opacity) in _PARTS.items():
            inks = [faded(colour, opacity) for colour in colours]
            figure.add_trace(_bars(rows, part, name, inks, "/" if part == "unseen" else ""))
            figure.add_bar(  # the legend shows what solid and hatched mean, in no method's colour
                x=[None],
                y=[None],
                orientation="h",
                name=name,
                marker={
                    "color": faded(_GOLD, opacity),
                    "pattern": {"shape": "/" if part == "unseen" else ""},
                },
            )
    row = name_rows(figure, rows["name"].tolist())
    figure.update_xaxes(title_text="different label combinations on the test documents", rangemode="tozero")
    height = 110 + min(row, 44) * len(rows)
    return figure.update_layout(
        template=TEMPLATE,
        barmode="stack",
        bargap=0.35,
        height=height,
        margin={"t": 40, "r": 24},
        legend_traceorder="normal",
    )


def _bars(rows: pd.DataFrame, column: str, name: str, colours: list[str], pattern: str) -> go.Bar:
    return go.Bar(
        x=rows[column].to_numpy(),
        y=rows["name"].tolist(),
        orientation="h",
        name=name,
        showlegend=False,
        marker={"color": colours, "pattern": {"shape": pattern, "solidity": 0.3}},
        customdata=np.stack([rows["combinations"], rows["documents_empty"]], axis=-1),
        hovertemplate=f"%{{y}}<br>{name}: %{{x:,}} of %{{customdata[0]:,}} combinations"
        "<br>documents without any label: %{customdata[1]:,}<extra></extra>",
    )
