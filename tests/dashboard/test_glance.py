from __future__ import annotations

import re
from dataclasses import replace
from math import nan

import pytest

from dashboard.glance import dot_plot
from workbench.analysis.records import Spread
from workbench.figures.palette import method_colour

BASE = Spread("base", "base · cnn", 0.4, 0.1, 2, {"b0": 0.3, "b1": 0.5})
MIX = Spread("mix", "mix · cnn", 0.8, nan, 1, {"m0": 0.8})


def places(html: str, kind: str) -> list[float]:
    """How far along the track the marks of one kind are, in percent."""
    return [float(place) for place in re.findall(rf'class="{kind}"[^>]*left: ([0-9.]+)%', html)]


def test_marks_stand_where_their_values_are():
    html = dot_plot([BASE, MIX], "P@1")
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
    html = dot_plot([BASE, MIX], "P@1")
    assert html.index("mix ·") < html.index("base ·")
    loss = dot_plot([MIX, BASE], "hamming_loss")
    assert loss.index("base ·") < loss.index("mix ·")


def test_a_line_stands_at_the_floor_in_every_row():
    poor = replace(BASE, setting="base · cnn · C=0.001", mean=0.35)
    html = dot_plot([BASE, MIX, poor], "P@1", "base · cnn")
    assert places(html, "floor") == [places(html, "mean")[1]] * 3  # base is the second row
    assert "base · cnn, the floor: 0.4000" in html
    assert not places(dot_plot([BASE, MIX], "P@1", "binary-relevance"), "floor")
    assert not places(dot_plot([BASE, MIX], "P@1"), "floor")


def test_a_single_run_has_a_scale_too():
    assert places(dot_plot([MIX], "P@1"), "mean") == [50.0]


def test_names_cannot_smuggle_in_markup():
    evil = replace(MIX, setting="<script>alert(1)</script>", values={'" onload="x': 0.8})
    html = dot_plot([evil], "P@1")
    assert "<script" not in html
    assert '" onload' not in html
