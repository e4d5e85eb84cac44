from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.palette import method_colour
from workbench.figures.sharpness import sharpness_figure

AXES = {"rise": "mean rise at 0.5", "curve": "largest eigenvalue"}
SUMMARY = pd.DataFrame(
    [
        ("base · cnn", "base", "rise", 2, 0.4, 0.3, 0.5),
        ("mix · cnn", "mix", "rise", 1, 0.1, np.nan, np.nan),
        ("base · cnn", "base", "curve", 2, 9.0, 8.0, 10.0),
    ],
    columns=["setting", "method", "measure", "n", "mean", "low", "high"],
)
POINTS = pd.DataFrame(
    [
        ("b0", 0, "base · cnn", "rise", 0.35),
        ("b1", 1, "base · cnn", "rise", 0.45),
        ("m0", 0, "mix · cnn", "rise", 0.1),
        ("b0", 0, "base · cnn", "curve", 9.0),
    ],
    columns=["run", "seed", "setting", "measure", "value"],
)


def test_means_have_intervals_and_runs_are_dots():
    figure = sharpness_figure(SUMMARY, POINTS, AXES)
    dots, mean = [trace for trace in figure.data if trace.xaxis == "x" and trace.y[0] == "base · cnn"]
    assert list(dots.x) == [0.35, 0.45]
    assert dots.customdata.tolist() == [["b0", "0"], ["b1", "1"]]
    assert (mean.x[0], list(mean.error_x.array)) == (0.4, [pytest.approx(0.1)])
    assert "95 %: 0.3 to 0.5, 2 runs" in mean.hovertemplate
    assert mean.marker.color == method_colour("base")


def test_a_single_run_has_no_interval():
    figure = sharpness_figure(SUMMARY, POINTS, AXES)
    mean = next(t for t in figure.data if t.y[0] == "mix · cnn" and t.marker.size == 12)
    assert mean.error_x.array is None
    assert "(1 run)" in mean.hovertemplate


def test_the_flattest_is_on_top_and_axes_say_what_is_better():
    figure = sharpness_figure(SUMMARY, POINTS, AXES)
    assert list(figure.layout.yaxis.categoryarray) == ["base · cnn", "mix · cnn"]  # counted from below
    assert figure.layout.xaxis.title.text == "mean rise at 0.5<br>lower is flatter"
    assert figure.layout.xaxis2.title.text == "largest eigenvalue<br>lower is flatter"


def test_nothing_to_draw_says_so():
    figure = sharpness_figure(SUMMARY.iloc[:0], POINTS.iloc[:0], AXES)
    assert "workbench probe landscape" in figure.layout.annotations[0].text


def test_axes_begin_at_zero_hold_every_mark_and_have_plain_numbers():
    figure = sharpness_figure(SUMMARY, POINTS, AXES)
    assert figure.layout.xaxis.range == (0, pytest.approx(0.53))
    assert figure.layout.xaxis.exponentformat == figure.layout.xaxis2.exponentformat == "none"
    one = SUMMARY[SUMMARY["n"] == 1].assign(mean=-0.2)
    figure = sharpness_figure(one, POINTS[POINTS["run"] == "m0"].assign(value=-0.2), AXES)
    assert figure.layout.xaxis.range == (pytest.approx(-0.212), pytest.approx(0.012))


def test_titles_of_neighbouring_panels_are_broken_into_short_lines():
    axes = {"rise": "mean rise of the loss at distance 0.333", "curve": "largest eigenvalue of the Hessian"}
    figure = sharpness_figure(SUMMARY, POINTS, axes)
    for axis in figure.select_xaxes():
        assert max(map(len, axis.title.text.split("<br>"))) <= 24
