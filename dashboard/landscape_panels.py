"""The views of the page of landscapes: computed by workbench.analysis, drawn by workbench.figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from dashboard.download import chart, offer_csv
from dashboard.landscape_choices import choose_landscapes, choose_landscapes_and_height
from dashboard.landscape_state import Pair
from workbench.analysis.landscape import (
    Landscape,
    Scale,
    architectures,
    common_scale,
    grid_table,
    path_table,
    slice_table,
)
from workbench.analysis.sharpness import (
    EIGENVALUE,
    RISE,
    distances,
    sharpness_over_seeds,
    sharpness_table,
    smaller_radius,
    without_rise,
)
from workbench.figures.landscape import contour_figure, slice_figure, surface_figure
from workbench.figures.sharpness import sharpness_figure
from workbench.wording import how_many, is_are

Pairs = Sequence[Pair]
"""Runs, each with its landscape; all may share a picture."""

_NUMBER = st.column_config.NumberColumn(format="%.3g")
_MEANS: dict[str, Any] = {
    "mean": _NUMBER,
    "low": st.column_config.NumberColumn("95 % from", format="%.3g"),
    "high": st.column_config.NumberColumn("to", format="%.3g"),
    "n": st.column_config.NumberColumn("runs"),
}
PATH_AXES = ("main direction of training", "second direction")


def contours(pairs: Pairs) -> None:
    """Lines of equal loss around each run's weights."""
    chosen, height = choose_landscapes_and_height(pairs)
    if chosen:
        draw_contours(chosen, height)


def draw_contours(chosen: Sequence[Landscape], height: str) -> None:
    """The contours of these landscapes, which may share a picture; `height` is the column drawn."""
    table, paths = grid_table(chosen), path_table(chosen)
    scale = common_scale(table[height])
    chart(contour_figure(table, (scale.low, scale.high), paths, height=height), "landscape-contours")
    st.caption(
        "Look for how far apart the lines are around the cross, which is the trained model: the farther, the "
        "flatter. All panels have the same documents, levels and colours; at distance 1 a step is as long as "
        "the weights themselves." + _directions(chosen) + _outside(scale) + _hidden(paths)
    )
    offer_csv({"landscape": table} | ({"path": paths} if len(paths) else {}))


def surface(pairs: Pairs) -> None:
    """The same in three dimensions."""
    chosen, height = choose_landscapes_and_height(pairs)
    if not chosen:
        return
    table = grid_table(chosen)
    scale = common_scale(table[height])
    chart(surface_figure(table, (scale.low, scale.high), height=height), "landscape-surface")
    st.caption(
        "Turn the pictures: a wide bowl rises slowly on all sides, a narrow one like a funnel. Two of "
        "thousands of directions are no proof: **Slices** shows more, **Sharpness** counts."
        + _directions(chosen)
        + _outside(scale)
    )
    offer_csv({"landscape": table})


def slices(pairs: Pairs) -> None:
    """The loss along single directions."""
    chosen = choose_landscapes(pairs)
    if not chosen:
        return
    table = slice_table(chosen)
    scale = common_scale(table["loss"])
    chart(slice_figure(table, scale.high), "landscape-slices")
    st.caption(
        "Look at the right panel first: its band is one standard deviation over the directions. Curves whose "
        "bands overlap cannot be told apart along these directions." + _directions(chosen) + _outside(scale)
    )
    offer_csv({"slices": table})


def sharpness(pairs: Pairs) -> None:
    """Flatness as numbers, over all seeds of each setting."""
    runs, landscapes = [run for run, _ in pairs], [one for _, one in pairs]
    offered = distances(landscapes)
    near = offered[(len(offered) - 1) // 3]
    distance = st.selectbox(
        "Distance of the rise",
        offered,
        offered.index(near),
        key="distance",
        bind="query-params",
        format_func="{:.3g}".format,
        width=220,
    )
    table = sharpness_table(runs, landscapes, distance)
    summary = sharpness_over_seeds(table)
    axes = {RISE: f"mean rise of the loss at distance {distance:.3g}", EIGENVALUE: EIGENVALUE}
    chart(sharpness_figure(summary, table, axes), "landscape-sharpness")
    _say_overflow(without_rise(landscapes, distance), distance)
    few = " A setting with a single run has no bar: train more seeds." if (summary["n"] < 2).any() else ""
    st.caption(
        "Large marks are means over seeds, bars their 95 % intervals, small dots single runs. One setting is "
        f"flatter than another where the bars keep clear of each other.{few} Eigenvalues depend on the scale "
        "of the weights; the rise along filter-normalised directions does not." + _falls(table)
    )
    as_drawn = summary.sort_values(["measure", "mean"], ascending=[False, True])
    st.dataframe(
        as_drawn[["setting", "measure", "mean", "low", "high", "n"]],
        hide_index=True,
        placeholder="–",
        column_config=_MEANS,
    )
    offer_csv({"sharpness": table, "sharpness-means": summary})


def _say_overflow(lost: Sequence[Landscape], distance: float) -> None:
    """Name the runs that are not in the left panel, and what brings them there."""
    if not lost:
        return
    names = " ".join(one.run for one in lost)
    radius = min(smaller_radius(one.report) for one in lost)
    nearer = "Choose a smaller distance, or look nearer: " if radius in distances(lost) else "Look nearer: "
    st.warning(
        f"At distance {distance:.3g} the loss overflows: no mean rise for {names.replace(' ', ', ')}. "
        f"{nearer}"
        f"`workbench probe landscape {names} --radius {radius:.2g}`",
        icon=":material/warning:",
    )


def _falls(table: pd.DataFrame) -> str:
    """What a rise below zero means, where there is one."""
    if not ((table["measure"] == RISE) & (table["value"] < 0)).any():
        return ""
    return (
        " A rise below 0 says that the loss falls along some directions: a training that stops early leaves "
        "the training loss above its minimum."
    )


def path(pairs: Pairs) -> None:
    """Where training came from, in the plane that it moved in most."""
    chosen = choose_landscapes(pairs)
    if not chosen:
        return
    table, paths = grid_table(chosen), path_table(chosen)
    scale = common_scale(table["loss"])
    chart(contour_figure(table, (scale.low, scale.high), paths, axes=PATH_AXES), "training-path")
    st.caption(
        "Each run has a plane of its own here, the one that holds most of its path: shapes may be compared, "
        f"places may not. The path is projected: {_shares(paths)}." + _outside(scale)
    )
    offer_csv({"landscape": table, "path": paths})


def _directions(chosen: Sequence[Landscape]) -> str:
    """Which of these runs have their random directions in common."""
    groups = architectures(chosen)
    if len(groups) < 2:
        return " The random directions are the same numbers for all, each scaled by the run's own weights."
    kinds = " / ".join(f"{len(alike)} × {alike[0].encoder}" for alike in groups.values())
    return (
        f" **These runs have weights of {len(groups)} different shapes ({kinds}), and directions in common "
        "only where the shapes are the same**: between them compare how fast the loss rises, not where."
    )


def _outside(scale: Scale) -> str:
    """What the colours do not show."""
    said = ""
    if scale.above:
        many = how_many(scale.above, "point")
        said += f" {many} above {scale.high:.3g} {is_are(scale.above)} drawn as {scale.high:.3g}."
    if scale.not_finite:
        said += (
            f" {how_many(scale.not_finite, 'point')} overflowed and {is_are(scale.not_finite)} left blank."
        )
    return said


def _hidden(paths: pd.DataFrame) -> str:
    """How little of a path a random plane shows."""
    if paths.empty:
        return ""
    most = paths["share_in_plane"].max()
    return (
        f" The orange line is the path of training; {_share(most)} of its squared distance lies in these "
        "random directions, so it seems to stand still: see **Training path**."
    )


def _share(most: float) -> str:
    return "less than 0.01 %" if most < 1e-4 else f"at most {100 * most:.2g} %"


def _shares(paths: pd.DataFrame) -> str:
    """For each run, how much of the distance from its first to its last weights the plane holds."""
    first = paths[paths["epoch"] == 0]
    told = (f"{run} {share:.0%}" for run, share in zip(first["run"], first["share_in_plane"], strict=True))
    return "of the squared distance from the first weights to the last its plane holds " + ", ".join(told)
