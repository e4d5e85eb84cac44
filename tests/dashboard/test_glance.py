from __future__ import annotations

import re

import pandas as pd
import pytest

from dashboard.glance import dot_plot
from workbench.figures.palette import method_colour

SUMMARY = pd.DataFrame(
    [
        ("base · cnn", "base", "P@1", 0.4, 0.1, 2),
        ("mix · cnn", "mix", "P@1", 0.8, float("nan"), 1),
        ("base · cnn", "base", "hamming_loss", 0.1, float("nan"), 1),
        ("mix · cnn", "mix", "hamming_loss", 0.2, float("nan"), 1),
    ],
    columns=["setting", "method", "metric", "mean", "std", "n"],
)
POINTS = pd.DataFrame(
    [
        ("b0", "base · cnn", "P@1", 0.3),
        ("b1", "base · cnn", "P@1", 0.5),
        ("m0", "mix · cnn", "P@1", 0.8),
        ("b0", "base · cnn", "hamming_loss", 0.1),
        ("m0", "mix · cnn", "hamming_loss", 0.2),
    ],
    columns=["run", "setting", "metric", "value"],
)


def places(html: str, kind: str) -> list[float]:
    """How far along the track the marks of one kind are, in percent."""
    return [float(place) for place in re.findall(rf'class="{kind}"[^>]*left: ([0-9.]+)%', html)]


def test_marks_stand_where_their_values_are():
    html = dot_plot(SUMMARY, POINTS, "P@1")
    margin = 0.06 * 0.5
    low, high = 0.3 - margin, 0.8 + margin
    assert places(html, "mean") == pytest.approx(
        [100 * (value - low) / (high - low) for value in (0.8, 0.4)], abs=0.01
    )
    assert places(html, "dot") == pytest.approx(
        [100 * (value - low) / (high - low) for value in (0.8, 0.3, 0.5)], abs=0.01
    )
    (width,) = re.findall(r"width: ([0-9.]+)%", html)
    assert float(width) == pytest.approx(100 * 0.2 / (high - low), abs=0.01)
    assert "0.4000 ± 0.1000 (n = 2)" in html
    assert method_colour("mix") in html


def test_the_best_is_on_top_also_where_lower_is_better():
    assert dot_plot(SUMMARY, POINTS, "P@1").index("mix ·") < dot_plot(SUMMARY, POINTS, "P@1").index("base ·")
    loss = dot_plot(SUMMARY, POINTS, "hamming_loss")
    assert loss.index("base ·") < loss.index("mix ·")


def test_a_single_run_has_a_scale_too():
    only = SUMMARY[SUMMARY["setting"] == "mix · cnn"]
    html = dot_plot(only, POINTS[POINTS["run"] == "m0"], "P@1")
    assert places(html, "mean") == [50.0]


def test_names_cannot_smuggle_in_markup():
    evil = "<script>alert(1)</script>"
    summary = SUMMARY.assign(setting=evil).iloc[:1]
    points = POINTS.assign(setting=evil, run='" onload="x').iloc[:1]
    html = dot_plot(summary, points, "P@1")
    assert "<script" not in html
    assert '" onload' not in html
