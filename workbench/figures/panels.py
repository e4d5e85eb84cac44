"""Maps side by side, one panel a run: how they are arranged, and what their axes say."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from workbench.figures.theme import wrapped

_AXES = {"pca": "PC", "tsne": "t-SNE", "umap": "UMAP"}
_BETWEEN = {1: 0.0, 2: 0.17, 3: 0.14}
"""Of the width, between so many columns: a title and its numbers stand there, on a page of 800 pixels too."""
_NAME_WIDTH = {1: 60, 2: 26, 3: 20}
"""Letters of a run's name on a line, so that names of neighbours stay apart."""


def run_panels(runs: Sequence[str]) -> go.Figure:
    """Empty panels, one a run, each under its run's name."""
    rows, columns = panel_grid(len(runs))
    names, _ = wrapped(runs, _NAME_WIDTH[columns], anywhere=True)
    figure = make_subplots(
        rows=rows,
        cols=columns,
        subplot_titles=names,
        horizontal_spacing=_BETWEEN[columns],
        vertical_spacing=0.2 / rows,
    )
    return figure.update_annotations(font_size=14)


def panel_grid(panels: int) -> tuple[int, int]:
    """Rows and columns for so many panels."""
    columns = panels if panels <= 3 else 2
    return -(-panels // columns), columns


def name_axes(
    figure: go.Figure, method: str, shares: tuple[float, float] | None, place: dict[str, int]
) -> None:
    """Say what the axes of the panel at `place` are, with PCA's shares of the variance; both are as long."""
    units = [f"{share:.0%} of variance" for share in shares] if shares else ["no unit"] * 2
    look = {} if shares else {"showticklabels": False, "ticks": "", "showgrid": False}
    figure.update_xaxes(title_text=f"{_AXES[method]} 1 ({units[0]})", **look, **place)
    (across,) = figure.select_xaxes(**place)
    figure.update_yaxes(
        title_text=f"{_AXES[method]} 2 ({units[1]})",
        scaleanchor=across.plotly_name.replace("axis", ""),  # a distance is as long across as upwards
        **look,
        **place,
    )
