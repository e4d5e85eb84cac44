"""A dot plot in plain HTML: the first picture, which waits for no plotting library in the browser."""

from __future__ import annotations

from html import escape

import pandas as pd

from workbench.figures.palette import faded, method_colour

_STYLE = """<style>
.glance {display: grid; grid-template-columns: minmax(7rem, max-content) 1fr max-content;
  gap: 0 1rem; align-items: center}
.glance .track {position: relative; height: 1.9rem; border: solid #8884; border-width: 0 1px}
.glance .track::before {content: ""; position: absolute; inset: 50% 0 auto; border-top: 1px dotted #8886}
.glance .track span {position: absolute; top: 50%; transform: translate(-50%, -50%); border-radius: 50%}
.glance .dot {width: .5rem; height: .5rem}
.glance .mean {width: .95rem; height: .95rem}
.glance .track .bar {height: 2px; border-radius: 0}
.glance .number {font-variant-numeric: tabular-nums; opacity: .85}
.glance .ends {display: flex; justify-content: space-between; opacity: .65; font-size: .8rem}
</style>"""


def dot_plot(summary: pd.DataFrame, points: pd.DataFrame, metric: str) -> str:
    """HTML of one row a setting, the best on top: mean, standard deviation over seeds, single runs.

    Args:
        summary: as `analysis.comparison.over_seeds` gives it, of one split.
        points: as `analysis.comparison.metric_table` gives it, the runs behind the means.
        metric: which of the table's metrics to draw.
    """
    means = summary[summary["metric"] == metric].sort_values("mean", ascending=metric == "hamming_loss")
    runs = points[points["metric"] == metric]
    spread = means["std"].fillna(0)
    low = min((means["mean"] - spread).min(), runs["value"].min())
    high = max((means["mean"] + spread).max(), runs["value"].max())
    margin = 0.06 * (high - low) or 0.01
    scale = _Scale(low - margin, high + margin)
    rows = [_row(row, runs[runs["setting"] == row["setting"]], scale) for _, row in means.iterrows()]
    ends = f'<div></div><div class="ends"><span>{scale.low:.3f}</span><span>{escape(metric)}</span>'
    ends += f"<span>{scale.high:.3f}</span></div><div></div>"
    return f'{_STYLE}<div class="glance" role="img" aria-label="{escape(metric)}">{"".join(rows)}{ends}</div>'


class _Scale:
    """Values to percent of the track's width."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def __call__(self, value: float) -> str:
        return self.width(value - self.low)

    def width(self, difference: float) -> str:
        return f"{100 * difference / (self.high - self.low):.2f}%"


def _row(row: pd.Series, runs: pd.DataFrame, scale: _Scale) -> str:
    colour = method_colour(row["method"])
    several = row["n"] > 1
    number = f"{row['mean']:.4f}" + (f" ± {row['std']:.4f} (n = {row['n']})" if several else "")
    marks = [
        _mark("dot", f"left: {scale(value)}; background: {faded(colour, 0.45)}", f"{name}: {value:.4f}")
        for name, value in zip(runs["run"], runs["value"], strict=True)
    ]
    place = f"left: {scale(row['mean'])}; background: {colour}"
    if several:
        marks.append(_mark("bar", f"{place}; width: {scale.width(2 * row['std'])}", number))
    marks.append(_mark("mean", place, f"{row['setting']}: {number}"))
    track = f'<div class="track">{"".join(marks)}</div>'
    return f'<div>{escape(row["setting"])}</div>{track}<div class="number">{number}</div>'


def _mark(kind: str, style: str, tooltip: str) -> str:
    return f'<span class="{kind}" title="{escape(tooltip)}" style="{style}"></span>'
