"""Loss landscapes side by side: contours and surfaces under one colour scale, slices through the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.palette import dashes, faded, line_signs, method_colour
from workbench.figures.theme import TEMPLATE, message, wrapped

NOTHING = "No run has a landscape yet: workbench probe landscape RUN"
HEIGHTS = {"loss": "loss", "log10_loss": "log₁₀ loss", "rise": "rise of<br>the loss"}
"""What can be drawn as height and colour, with the title of the colour bar."""

_LEVELS = 20
_SHADES = ((0.0, "#e3eef7"), (0.25, "#a5c9e2"), (0.5, "#5b9fcb"), (0.75, "#0072b2"), (1.0, "#003f63"))
_PATH = "#d55e00"
_WIDTH = {"xy": 600, "scene": 680}
"""Of the panels of a row together, about, in pixels on most screens: so that panels are about square."""

_FONT, _LINE = 12, 16
"""Of the titles of panels, in pixels."""

_LINE_MOST = (42, 22, 15)
"""Characters in a line of one, two or three panels in a row: so neighbours keep clear of each other even
beside an open sidebar on a screen of 800 pixels."""

_HIGHEST = 560
"""Of surfaces together, in pixels: two rows of them are seen without scrolling."""


def contour_figure(
    table: pd.DataFrame,
    ends: tuple[float, float],
    paths: pd.DataFrame,
    *,
    height: str = "loss",
    axes: tuple[str, str] = ("direction 1", "direction 2"),
) -> go.Figure:
    """One panel a run, the same levels and colours in all: the farther the lines are apart, the flatter.

    Args:
        table: as `analysis.landscape.grid_table` gives it.
        ends: the least and largest value on the colour scale.
        paths: as `analysis.landscape.path_table` gives it; drawn where a run has one.
        height: the column to draw, one of `HEIGHTS`.
        axes: what x and y are.
    """
    if table.empty:
        return message(NOTHING)
    figure, places, side, above = _panels(table, most=3)
    step = (ends[1] - ends[0]) / _LEVELS
    levels = {"start": ends[0] + step, "end": ends[1], "size": step}
    same_range = table.groupby("run")[["x", "y"]].max().nunique().eq(1).all()
    for run, where in places.items():
        x, y, z = _matrix(table[table["run"] == run], height)
        figure.add_trace(_contour(run, x, y, z, levels, axes), **where)
        path = paths[paths["run"] == run]
        if len(path):
            figure.add_trace(_path(path), **where)
        figure.add_trace(_centre(run), **where)
        figure.update_xaxes(title_text=axes[0], range=[x[0], x[-1]], **where)
        figure.update_yaxes(range=[y[0], y[-1]], showticklabels=not same_range or where["col"] == 1, **where)
        if np.isclose(x[-1] - x[0], y[-1] - y[0]):
            _make_square(figure, where)
    figure.update_yaxes(title_text=axes[1], col=1)
    rows = max(where["row"] for where in places.values())
    bar = _colours(ends, height)
    return figure.update_layout(
        template=TEMPLATE,
        height=40 + (side + 70 + above) * rows,
        showlegend=False,
        coloraxis=bar,
        margin={"t": 12 + above},
    )


def surface_figure(
    table: pd.DataFrame,
    ends: tuple[float, float],
    *,
    height: str = "loss",
    axes: tuple[str, str] = ("direction 1", "direction 2"),
) -> go.Figure:
    """One landscape a run in three dimensions, under one colour scale; takes what `contour_figure` takes."""
    if table.empty:
        return message(NOTHING)
    figure, places, side, above = _panels(table, most=2, kind="scene")
    for run, where in places.items():
        x, y, z = _matrix(table[table["run"] == run], height)
        surface = go.Surface(x=x, y=y, z=z, coloraxis="coloraxis", name=run, hovertemplate=_hover(run, axes))
        figure.add_trace(surface, **where)
    figure.update_scenes(
        xaxis_title_text=axes[0],
        yaxis_title_text=axes[1],
        zaxis_title_text=HEIGHTS[height],
        zaxis={"range": list(ends), **_ticks(*ends)},
        aspectratio={"x": 1, "y": 1, "z": 0.75},
        camera={"eye": {"x": 2.0, "y": 2.0, "z": 1.1}, "center": {"x": 0.08, "y": -0.08, "z": -0.1}},
    )
    rows = max(where["row"] for where in places.values())
    tall = 40 + min(side, _HIGHEST // rows) * rows
    look = {"height": tall, "margin": {"t": 12 + above}, "coloraxis": _colours(ends, height)}
    return figure.update_layout(template=TEMPLATE, **look)


def slice_figure(table: pd.DataFrame, largest: float) -> go.Figure:
    """The loss along directions 1 and 2, and its mean over all directions with one standard deviation.

    Args:
        table: as `analysis.landscape.slice_table` gives it.
        largest: where the vertical axis ends.
    """
    if table.empty:
        return message(NOTHING)
    named = list(table["direction"].unique())
    panels = [*named[:2], named[-1]]
    titles = [*(f"direction {name}" for name in panels[:2]), panels[-1] + " directions"]
    figure = make_subplots(
        cols=len(panels), shared_yaxes=True, horizontal_spacing=0.03, subplot_titles=titles
    )
    methods = table.groupby("run", sort=False)["method"].first()
    for (run, method), dash in zip(methods.items(), dashes(methods), strict=True):
        for column, direction in enumerate(panels, start=1):
            rows = table[(table["run"] == run) & (table["direction"] == direction)]
            for trace in _slice(str(run), str(method), dash, rows, is_named=column == 1):
                figure.add_trace(trace, row=1, col=column)
    reach = 1.03 * table["position"].abs().max()  # a tick at the very end of the last panel is left out
    figure.update_xaxes(title_text="distance from<br>the run's weights", range=[-reach, reach])
    figure.update_annotations(font_size=_FONT)
    figure.update_yaxes(range=[0, 1.05 * largest])
    figure.update_yaxes(title_text="loss (binary cross entropy)", col=1)
    per_line = max(1, _WIDTH["xy"] // (60 + 7 * max(len(str(run)) for run in methods.index)))
    below = 88 + 30 * -(-len(methods) // per_line)  # above the panels a long legend would cover them
    figure.update_layout(template=TEMPLATE, height=370 + below, showlegend=True, margin={"b": below})
    return figure.update_layout(legend={"yref": "container", "y": 0.01, "yanchor": "bottom"})


def _make_square(figure: go.Figure, where: dict[str, int]) -> None:
    """Steps of one length are as long on the screen in both directions: a circle is a circle."""
    beside = figure.get_subplot(**where).yaxis.anchor
    figure.update_xaxes(constrain="domain", **where)
    at_the_title = {"constrain": "domain", "constraintoward": "top"}
    figure.update_yaxes(scaleanchor=beside, **at_the_title, **where)


def _panels(
    table: pd.DataFrame, most: int, kind: str = "xy"
) -> tuple[go.Figure, dict[str, dict[str, int]], int, int]:
    """A grid of panels, where each run's is, and the height of one and of its title, in pixels."""
    runs = list(table["run"].unique())
    rows = -(-len(runs) // most)
    columns = -(-len(runs) // rows)
    specs: list[Any] = [
        [{"type": kind} if row * columns + column < len(runs) else None for column in range(columns)]
        for row in range(rows)
    ]
    side = min(_WIDTH[kind] // columns, 380)
    titles, _ = wrapped(runs, _LINE_MOST[columns - 1], anywhere=True)
    above = _LINE * max(title.count("<br>") + 1 for title in titles)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        specs=specs,
        subplot_titles=titles,
        horizontal_spacing=0.12 / columns,
        vertical_spacing=0.0 if kind == "scene" else (65 + above) / (40 + (side + 70 + above) * rows),
    )
    figure.update_annotations(font_size=_FONT)
    places = {
        run: {"row": place // columns + 1, "col": place % columns + 1} for place, run in enumerate(runs)
    }
    return figure, places, side, above


def _slice(run: str, method: str, dash: str, rows: pd.DataFrame, *, is_named: bool) -> Sequence[go.Scatter]:
    colour = method_colour(method)
    position, loss, spread = (_finite(rows[name]) for name in ("position", "loss", "std"))
    line = go.Scatter(
        x=position,
        y=loss,
        name=run,
        legendgroup=run,
        showlegend=is_named,
        mode="lines+markers",
        marker=line_signs(method, 8),
        line={"color": colour, "width": 2, "dash": dash},
        hovertemplate=f"{run}<br>distance %{{x:.3f}}<br>loss %{{y:.4f}}<extra></extra>",
    )
    known = np.isfinite(spread) & np.isfinite(loss)
    if not known.any():
        return [line]
    around, middle, half = position[known], loss[known], spread[known]
    band = go.Scatter(
        x=np.concatenate([around, around[::-1]]),
        y=np.concatenate([middle + half, (middle - half)[::-1]]),
        fill="toself",
        fillcolor=faded(colour, 0.2),
        line={"width": 0},
        hoverinfo="skip",
        legendgroup=run,
        showlegend=False,
    )
    return [band, line]


def _contour(
    run: str, x: np.ndarray, y: np.ndarray, z: np.ndarray, levels: dict[str, float], axes: tuple[str, str]
) -> go.Contour:
    return go.Contour(
        x=x,
        y=y,
        z=z,
        name=run,
        contours=levels,
        autocontour=False,
        coloraxis="coloraxis",
        connectgaps=False,
        line={"width": 0.8, "color": "rgba(90, 90, 90, 0.6)"},
        hovertemplate=_hover(run, axes),
    )


def _hover(run: str, axes: tuple[str, str]) -> str:
    return f"{run}<br>{axes[0]} %{{x:.3g}}<br>{axes[1]} %{{y:.3g}}<br>loss %{{z:.4g}}<extra></extra>"


def _path(path: pd.DataFrame) -> go.Scatter:
    return go.Scatter(
        x=path["x"].to_numpy(),
        y=path["y"].to_numpy(),
        mode="lines+markers",
        line={"color": _PATH, "width": 1.5},
        marker={"color": _PATH, "size": 5},
        customdata=path[["epoch", "loss"]].to_numpy(),
        hovertemplate="after epoch %{customdata[0]}<br>its real loss %{customdata[1]:.4g}<extra></extra>",
    )


def _centre(run: str) -> go.Scatter:
    return go.Scatter(
        x=np.zeros(1),
        y=np.zeros(1),
        mode="markers",
        marker={"symbol": "cross-thin", "size": 9, "line": {"width": 2, "color": _PATH}},
        hovertemplate=f"{run}: the run's own weights<extra></extra>",
    )


def _colours(ends: tuple[float, float], height: str) -> dict[str, Any]:
    bar = {"title": {"text": HEIGHTS[height], "side": "top"}, "thickness": 14, "outlinewidth": 0}
    bar |= _ticks(*ends)
    bar |= {"y": 1, "yanchor": "top"}  # beside the first row of panels, of which squares fill the top
    return {"colorscale": [list(stop) for stop in _SHADES], "cmin": ends[0], "cmax": ends[1], "colorbar": bar}


def _ticks(low: float, high: float) -> dict[str, Any]:
    """Some round numbers from `low` to `high`; `low` in the middle where the two are nearly the same."""
    if high - low < 1e-4 * abs(low):
        return {
            "tickvals": [(low + high) / 2],  # at the very end it would be left out
            "ticktext": [f"{low:.3g}"],
        }
    power = 10.0 ** np.floor(np.log10((high - low) / 4))
    step = power * max(times for times in (1, 2, 2.5, 5) if times * power <= (high - low) / 4 * 1.001)
    ticks = step * np.arange(np.ceil(low / step - 1e-6), np.floor(high / step + 1e-6) + 1)
    return {"tickvals": ticks, "ticktext": [f"{tick:.4g}" for tick in ticks + 0.0]}


def _matrix(rows: pd.DataFrame, height: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Positions along x and y, and the values at their crossings (rows y); what is no number is a gap."""
    x, y = rows["x"].unique(), rows["y"].unique()
    return x, y, _finite(rows[height]).reshape(len(y), len(x))


def _finite(values: pd.Series) -> np.ndarray:
    """As numbers, NaN (a gap) in the place of infinity."""
    numbers = values.to_numpy(dtype=np.float64)
    return np.where(np.isfinite(numbers), numbers, np.nan)
