"""A dot plot in plain HTML: the first picture, which waits for no plotting library in the browser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from workbench.analysis.records import Spread
from workbench.figures.palette import faded, method_colour

_STYLE = """<style>
.glance {display: grid; grid-template-columns: fit-content(45%) 1fr max-content;
  gap: 0 1rem; align-items: center}
.glance .track {position: relative; align-self: stretch; min-height: 1.9rem;
  border: solid #8884; border-width: 0 1px}
.glance .track::before {content: ""; position: absolute; inset: 50% 0 auto; border-top: 1px dotted #8886}
.glance .track span {position: absolute; top: 50%; transform: translate(-50%, -50%); border-radius: 50%}
.glance .dot {width: .5rem; height: .5rem}
.glance .mean {width: .95rem; height: .95rem}
.glance .track .bar {height: 2px; border-radius: 0}
.glance .number {font-variant-numeric: tabular-nums; opacity: .85}
.glance .track .floor {inset: 0 auto; transform: translateX(-50%); border-left: 2px dashed #8a8a8a;
  border-radius: 0}
.glance .ends {display: flex; justify-content: space-between; opacity: .65; font-size: .8rem}
</style>"""


def dot_plot(settings: Sequence[Spread], metric: str, floor: str = "") -> str:
    """HTML of one row a setting, the best on top: mean, standard deviation over seeds, single runs.

    Args:
        settings: as `analysis.records.spreads` gives them for `metric`, of one split; at least one.
        metric: what is drawn.
        floor: the setting that a dashed line is drawn at, which others should be beyond; none if empty.
    """
    best_first = sorted(settings, key=lambda setting: setting.mean, reverse=metric != "hamming_loss")
    low = min(min(setting.mean - _bar(setting), *setting.values.values()) for setting in settings)
    high = max(max(setting.mean + _bar(setting), *setting.values.values()) for setting in settings)
    margin = 0.06 * (high - low) or 0.01
    scale = _Scale(low - margin, high + margin)
    line = "".join(_floor(setting, scale) for setting in settings if setting.setting == floor)
    rows = "".join(_row(setting, scale, line) for setting in best_first)
    ends = f'<div></div><div class="ends"><span>{scale.low:.3f}</span><span>{escape(metric)}</span>'
    ends += f"<span>{scale.high:.3f}</span></div><div></div>"
    return f'{_STYLE}<div class="glance" role="img" aria-label="{escape(metric)}">{rows}{ends}</div>'


def _bar(setting: Spread) -> float:
    return 0.0 if math.isnan(setting.std) else setting.std


class _Scale:
    """Values to percent of the track's width."""

    def __init__(self, low: float, high: float) -> None:
        self.low, self.high = low, high

    def __call__(self, value: float) -> str:
        return self.width(value - self.low)

    def width(self, difference: float) -> str:
        return f"{100 * difference / (self.high - self.low):.2f}%"


def _floor(setting: Spread, scale: _Scale) -> str:
    return _mark("floor", f"left: {scale(setting.mean)}", f"{setting.setting}, the floor: {setting.mean:.4f}")


def _row(setting: Spread, scale: _Scale, line: str) -> str:
    colour = method_colour(setting.method)
    runs = setting.values
    several = setting.n > 1
    number = f"{setting.mean:.4f}" + (f" ± {setting.std:.4f} (n = {setting.n})" if several else "")
    marks = [
        _mark("dot", f"left: {scale(value)}; background: {faded(colour, 0.45)}", f"{name}: {value:.4f}")
        for name, value in runs.items()
    ]
    place = f"left: {scale(setting.mean)}; background: {colour}"
    if several:
        marks.append(_mark("bar", f"{place}; width: {scale.width(2 * setting.std)}", number))
    marks.append(_mark("mean", place, f"{setting.setting}: {number}"))
    track = f'<div class="track">{line}{"".join(marks)}</div>'
    return f'<div>{escape(setting.setting)}</div>{track}<div class="number">{number}</div>'


def _mark(kind: str, style: str, tooltip: str) -> str:
    return f'<span class="{kind}" title="{escape(tooltip)}" style="{style}"></span>'
