"""Every claim on every setting as one mark: what held, what did not, what is undecided."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from workbench.figures.palette import CLAIM_LOOKS
from workbench.figures.theme import TEMPLATE, message

_ROW = 30


def claims_figure(table: pd.DataFrame) -> go.Figure:
    """A row a paper and setting (the first on top), a column a claim of that paper, a sign a verdict.

    Each mark's `customdata` begins with the claim's id. Effects have different units and are in the hover
    text alone.

    Args:
        table: with columns id, row, number, claim, measure, told (the effect in words), verdict.
    """
    if table.empty:
        return message("No claim is of this choice")
    rows = list(dict.fromkeys(table["row"]))
    figure = go.Figure()
    for verdict, (colour, symbol) in CLAIM_LOOKS.items():
        here = table[table["verdict"] == verdict]
        figure.add_trace(
            go.Scatter(
                x=here["number"].to_numpy(),
                y=here["row"].tolist(),
                mode="markers",
                name=f"{verdict} ({len(here)})",
                marker={"color": colour, "symbol": symbol, "size": 12, "line": {"width": 2, "color": colour}},
                selected={"marker": {"size": 16, "opacity": 1}},
                unselected={"marker": {"opacity": 1}},
                customdata=here[["id", "claim", "measure", "told"]].to_numpy(),
                hovertemplate="%{y}<br><b>%{customdata[1]}</b>, by %{customdata[2]}<br>"
                f"{verdict}: %{{customdata[3]}}<extra></extra>",
            )
        )
    figure.update_yaxes(
        type="category",
        categoryorder="array",
        categoryarray=rows[::-1],
        ticks="",
        title_text="paper, setting",
    )
    figure.update_xaxes(title_text="number of the claim in its paper", dtick=1, ticks="", range=_range(table))
    return figure.update_layout(
        template=TEMPLATE, height=130 + _ROW * len(rows), clickmode="event+select", margin={"t": 48}
    )


def _range(table: pd.DataFrame) -> list[float]:
    return [0.3, max(10, int(table["number"].max())) + 0.7]
