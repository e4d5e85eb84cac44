"""A label beside all others: what they share, and CL-MIL's constraint sets on its documents."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import faded
from workbench.figures.theme import TEMPLATE, message, wrapped

COLOURS = {"related": "#0072b2", "weak": "#e69f00", "contradicting": "#8a8a8a"}
_PATTERNS = {"related": "", "weak": "/", "contradicting": ""}
_ROW_PX, _LINE_PX = 26, 17
_NAME = 30
_OPACITY = {"related": 1.0, "weak": 0.9, "contradicting": 0.3}


def relation_figure(table: pd.DataFrame, label: str, documents: int, average: float) -> go.Figure:
    """Left, on how many documents each label stands beside A, with A's average; right, what it is there.

    Args:
        table: as `analysis.label_relations.relation_table` gives it; its first row is drawn on top.
        label: the name of A.
        documents: how many documents A has.
        average: of A over all other labels (Eq. 10).
    """
    if table.empty or not documents:
        return message(f"{label} has no documents with which others could be compared")
    rows = table.iloc[::-1]
    figure = make_subplots(cols=2, shared_yaxes=True, horizontal_spacing=0.04, column_widths=[0.45, 0.55])
    figure.add_trace(_together(rows, label), row=1, col=1)
    for kind in COLOURS:
        figure.add_trace(_share(rows, kind, label, documents), row=1, col=2)
    figure.add_vline(x=average, line_dash="dash", line_color="#7c7c7c", line_width=2, row=1, col=1)
    figure.add_annotation(
        text=f"average {average:,.1f}",
        x=average,
        xref="x",
        y=1,
        yref="paper",
        yanchor="bottom",
        xanchor="left",
        showarrow=False,
    )
    names = rows["label"].tolist()
    shown, _ = wrapped(names, _NAME)
    lines = max(name.count("<br>") for name in shown)
    figure.update_yaxes(type="category", categoryorder="array", categoryarray=names, ticks="")
    figure.update_yaxes(tickvals=names, ticktext=shown)
    figure.update_xaxes(title_text="documents with both", rangemode="tozero", col=1)
    figure.update_xaxes(title_text="share of its documents", tickformat=".0%", col=2)
    figure.update_xaxes(range=[0, 1], col=2)
    return figure.update_layout(
        template=TEMPLATE,
        barmode="stack",
        bargap=0.25,
        height=130 + (_ROW_PX + _LINE_PX * lines) * len(rows),
        margin={"t": 64, "r": 24},
        legend={"yref": "container", "y": 1, "yanchor": "top"},
        legend_traceorder="normal",
    )


def _together(rows: pd.DataFrame, label: str) -> go.Bar:
    colours = [faded(COLOURS["related"], 1.0 if often else 0.35) for often in rows["frequent"]]
    said = [
        "above its average: a frequent partner" if often else "not above its average"
        for often in rows["frequent"]
    ]
    return go.Bar(
        x=rows["together"].to_numpy(),
        y=rows["label"].tolist(),
        orientation="h",
        showlegend=False,
        marker={"color": colours},
        customdata=list(zip(rows["documents"].tolist(), said, strict=True)),
        hovertemplate=f"%{{x:,}} documents have {label} and %{{y}},<br>%{{customdata[1]}}"
        "<br>%{y} is on %{customdata[0]:,} documents in all<extra></extra>",
    )


def _share(rows: pd.DataFrame, kind: str, label: str, documents: int) -> go.Bar:
    return go.Bar(
        x=(rows[kind] / documents).to_numpy(),
        y=rows["label"].tolist(),
        orientation="h",
        name=kind,
        marker={
            "color": faded(COLOURS[kind], _OPACITY[kind]),
            "pattern": {"shape": _PATTERNS[kind], "solidity": 0.3},
        },
        customdata=rows[kind].to_numpy(),
        hovertemplate=f"%{{y}} is {kind} on %{{customdata:,}} of {documents:,} documents of {label}"
        " (%{x:.1%})<extra></extra>",
    )
