from __future__ import annotations

import math

import numpy as np
import pandas as pd

from workbench.figures.differences import difference_figure
from workbench.figures.palette import method_colour

TABLE = pd.DataFrame(
    [("P@1", 0.1, 0.05, 0.2, 0.01), ("P@5", 0.1, -0.05, 0.2, 0.3), ("R@1", -0.2, -0.3, -0.1, 0.02)],
    columns=["metric", "difference", "low", "high", "p"],
)


def test_differences_clear_of_zero_are_filled():
    (marks,) = difference_figure(TABLE, "mix").data
    assert list(marks.marker.symbol) == ["diamond", "diamond-open", "diamond"]
    assert marks.marker.color == method_colour("mix")
    np.testing.assert_allclose(marks.error_x.array, [0.1, 0.1, 0.1])
    np.testing.assert_allclose(marks.error_x.arrayminus, [0.05, 0.15, 0.1])


def test_the_first_metric_is_on_top_and_axes_are_named():
    layout = difference_figure(TABLE, "mix").layout
    assert layout.yaxis.categoryarray[-1] == "P@1"
    assert layout.xaxis.title.text == "B − A, with its 95 % interval"
    assert layout.yaxis.title.text == "metric"


def test_one_without_an_interval_is_hollow_and_one_without_a_value_left_out():
    rows = [("P@1", 0.1, math.nan, math.nan, math.nan), ("P@5", math.nan, math.nan, math.nan, math.nan)]
    (marks,) = difference_figure(pd.DataFrame(rows, columns=TABLE.columns), "mix").data
    assert list(marks.marker.symbol) == ["diamond-open"]
    assert not difference_figure(TABLE.iloc[:0], "mix").data


def test_the_pointer_shows_digits_of_a_limit_next_to_zero():
    (marks,) = difference_figure(TABLE, "mix").data
    assert "%{x:+.3~r}" in marks.hovertemplate  # digits that count, of which +0.00004 has one
    assert ".4f" not in marks.hovertemplate
