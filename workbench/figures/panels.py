"""Maps side by side, one panel a run: how they are arranged, and what their axes say."""

from __future__ import annotations

import plotly.graph_objects as go

_AXES = {"pca": "PC", "tsne": "t-SNE", "umap": "UMAP"}


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
