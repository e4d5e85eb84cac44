"""Mixtures against their parents: how far in each metric, a row of panels a mixture, corpora side by side."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.theme import TEMPLATE, message

_ZERO = {"zeroline": True, "zerolinecolor": "rgba(128, 128, 128, 0.8)", "zerolinewidth": 1}
_LOOKS = {
    "the method alone": ("#0072b2", "circle"),
    "fewer terms": ("#8a8a8a", "square"),
    "lender of a term": ("#d55e00", "diamond"),
}
_APART = 0.56
"""Of a metric's row, what the marks of its parents share."""
_ROW, _AROUND, _LEGEND = 40, 106, 60
_ROOM = 1.06
"""Of the farthest mark, how far an axis reaches."""
_CLEAR_OF_ZERO = ("better", "worse")


def mixture_figure(table: pd.DataFrame, metrics: Sequence[str]) -> go.Figure:
    """Forest plots: a panel a mixture (down) and corpus with encoder (across), in it a row a metric.

    Each parent has a mark: mixture less parent. Marks whose interval keeps clear of zero are full, others
    hollow; intervals over test documents, of one seed alone, are drawn thin. Panels beside each other share
    their scale, and all have zero in the middle.

    Args:
        table: as `analysis.mixture_differences.compare_mixtures` gives it.
        metrics: from top to bottom.
    """
    known = table[table["metric"].isin(list(metrics))].dropna(subset=["difference"])
    if known.empty:
        return message("No mixture has a seed in common with a parent yet")
    known = known.assign(panel=_panel_names(known))
    mixtures, panels = (list(dict.fromkeys(known[name])) for name in ("mixture", "panel"))
    titles = [f"<b>{mixture}</b><br>{panel}" for mixture in mixtures for panel in panels]
    height = _LEGEND + len(mixtures) * (_AROUND + _ROW * len(metrics))
    figure = make_subplots(
        rows=len(mixtures),
        cols=len(panels),
        subplot_titles=titles,
        horizontal_spacing=0.1 / len(panels),
        vertical_spacing=min(0.9 / max(1, len(mixtures) - 1), _AROUND / (height - _LEGEND)),
    )
    shown: set[str] = set()
    for (mixture, panel), rows in known.groupby(["mixture", "panel"], sort=False):
        place = {"row": mixtures.index(str(mixture)) + 1, "col": panels.index(str(panel)) + 1}
        parents = list(dict.fromkeys(zip(rows["role"], rows["parent"], strict=True)))
        for number, (role, parent) in enumerate(parents):
            mine = rows[(rows["role"] == role) & (rows["parent"] == parent)]
            offset = _APART * ((number + 0.5) / len(parents) - 0.5)
            for trace in _marks(mine, metrics, offset, is_first=role not in shown):
                figure.add_trace(trace, **place)
            shown.add(role)
    reaches = [_reach(known[known["mixture"] == mixture]) for mixture in mixtures]
    _axes(figure, metrics, reaches, len(panels))
    return figure.update_layout(
        template=TEMPLATE,
        height=height,
        margin={"t": 84},
        legend={"y": 1.0, "yref": "container", "yanchor": "top"},
    )


def _panel_names(table: pd.DataFrame) -> pd.Series:
    """Corpus and encoder; the split where a corpus has several, whose numbers never share a panel."""
    splits = table.groupby("corpus")["split_id"].transform("nunique")
    return table["corpus"].where(splits == 1, table["split_id"]) + " · " + table["encoder"]


def _marks(rows: pd.DataFrame, metrics: Sequence[str], offset: float, *, is_first: bool) -> list[go.Scatter]:
    """The differences from one parent: those over seeds, and those over documents with thinner bars."""
    role = str(rows["role"].iloc[0])
    traces = []
    for over, thickness in (("seeds", 2.2), ("test documents", 1.0)):
        some = rows[rows["over"] == over]
        if len(some):
            traces.append(_trace(some, metrics, offset, thickness, role))
    for trace in traces[:1]:
        trace.showlegend = is_first
    return traces


def _trace(
    rows: pd.DataFrame, metrics: Sequence[str], offset: float, thickness: float, role: str
) -> go.Scatter:
    colour, symbol = _LOOKS[role]
    clear = rows["verdict"].str.startswith(_CLEAR_OF_ZERO).to_numpy()
    y = np.array([list(metrics).index(metric) for metric in rows["metric"]], dtype=np.float64)
    return go.Scatter(
        x=rows["difference"].to_numpy(),
        y=y + offset,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": (rows["high"] - rows["difference"]).to_numpy(),
            "arrayminus": (rows["difference"] - rows["low"]).to_numpy(),
            "thickness": thickness,
            "width": 3,
        },
        mode="markers",
        name=f"less {role}",
        legendgroup=role,
        showlegend=False,
        marker={
            "color": colour,
            "size": 10,
            "symbol": np.where(clear, symbol, f"{symbol}-open"),
            "line": {"width": 2, "color": colour},
        },
        customdata=rows[["metric", "parent", "low", "high", "n", "over", "verdict"]].to_numpy(),
        hovertemplate="%{customdata[0]}: %{x:+.3~r} against <b>%{customdata[1]}</b><br>"
        "95 %: %{customdata[2]:+.3~r} to %{customdata[3]:+.3~r}, over %{customdata[5]}, "
        "seeds: %{customdata[4]}<br>%{customdata[6]}<extra></extra>",
    )


def _reach(rows: pd.DataFrame) -> float:
    """How far from zero the marks of a row of panels and their intervals lie."""
    return float(np.nanmax(np.abs(rows[["difference", "low", "high"]].to_numpy(dtype=np.float64)))) or 0.01


def _ticks(reach: float) -> list[float]:
    """Zero and two or three round numbers on either side of it, over two thirds of the reach at least."""
    rough = reach / 2
    size = 10 ** math.floor(math.log10(rough))
    step = size * max(one for one in (1, 2, 3, 4, 5, 6, 8) if one * size <= rough * (1 + 1e-9))
    each = math.floor(reach / step * (1 + 1e-9))
    return [number * step for number in range(-each, each + 1)]


def _axes(figure: go.Figure, metrics: Sequence[str], reaches: Sequence[float], columns: int) -> None:
    figure.update_annotations(font_size=12)
    figure.update_yaxes(
        tickvals=list(range(len(metrics))), range=[len(metrics) - 0.5, -0.5], ticks="", showgrid=False
    )
    for row, reach in enumerate(reaches, start=1):
        ticks = _ticks(reach)
        digits = max(0, -math.floor(math.log10(ticks[-1] - ticks[-2])))
        told = [f"{tick:+.{digits}f}".replace("-", "−") if tick else "0" for tick in ticks]
        first = (row - 1) * columns + 1
        for column in range(1, columns + 1):
            names = list(metrics) if column == 1 else [""] * len(metrics)
            figure.update_yaxes(ticktext=names, row=row, col=column)
            figure.update_xaxes(matches=f"x{first if first > 1 else ''}", row=row, col=column)
        ends = [-_ROOM * reach, _ROOM * reach]
        figure.update_xaxes(range=ends, tickvals=ticks, ticktext=told, row=row)
        figure.update_yaxes(title_text="metric", row=row, col=1)
    figure.update_xaxes(title_text="mixture less parent", title_font_size=12, title_standoff=4, **_ZERO)
