"""Labels as rows and runs as columns: what pictures of one document's scores have in common."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.theme import TEMPLATE, wrapped

_ROW_PX, _BESIDE_PX = 27, 150
_LONGEST = 34
_VOTES_SHARE = 0.07


def run_columns(runs: Sequence[str], labels: Sequence[str], *, with_votes: bool = False) -> go.Figure:
    """An empty grid: a panel a run, its scores from 0 to 1, one row a label, the first on top.

    Traces take the label's place (0, 1, …) as y. With `with_votes` a narrow panel without axis follows.
    """
    widths = [1.0] * len(runs) + [_VOTES_SHARE * len(runs)] * with_votes
    titles = ["<br>".join(_lines(run, 60 // len(runs))) for run in runs] + ["votes"] * with_votes
    figure = make_subplots(
        cols=len(widths),
        shared_yaxes=True,
        column_widths=widths,
        horizontal_spacing=0.018,
        subplot_titles=titles,
    )
    most = max((title.count("<br>") for title in titles), default=0)
    figure.update_annotations(font_size=13, yshift=4)
    figure.update_layout(
        template=TEMPLATE,
        height=_ROW_PX * len(labels) + _BESIDE_PX + 17 * most,
        margin_t=92 + 17 * most,
        legend={"y": 1, "yref": "container", "yanchor": "top"},
        hovermode="closest",
        **_axes(len(runs), [_short(label) for label in labels], with_votes),
    )
    return figure


def _axes(runs: int, labels: Sequence[str], with_votes: bool) -> dict[str, dict]:
    """The axes of all panels, to be set in one update: each update of a figure costs milliseconds."""
    rows = {
        "tickvals": list(range(len(labels))),
        "ticktext": list(labels),
        "range": [len(labels) - 0.5, -0.5],
        "ticks": "",
        "showgrid": True,
    }
    scores = {"range": [-0.03, 1.03], "title": {"text": "score"}, "nticks": 6}
    axes: dict[str, dict] = {}
    for column in range(1, runs + 1):
        place = "" if column == 1 else column
        axes |= {f"xaxis{place}": scores, f"yaxis{place}": rows}
    axes["yaxis"] = rows | {"title": {"text": "label"}}
    if with_votes:
        axes[f"xaxis{runs + 1}"] = {"visible": False, "range": [-1, 1]}
        axes[f"yaxis{runs + 1}"] = rows | {"showgrid": False}
    return axes


def _short(name: str) -> str:
    return escape(name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1].rstrip()}…", quote=False)


def _lines(name: str, width: int) -> list[str]:
    lines, _ = wrapped([escape(name, quote=False)], max(14, width), anywhere=True)
    return lines[0].split("<br>")
