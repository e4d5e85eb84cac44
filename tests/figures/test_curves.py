from __future__ import annotations

import pandas as pd
import pytest

from workbench.analysis.history import learning_curves
from workbench.figures.curves import AXES, curve_figure
from workbench.runs.store import Run


@pytest.fixture
def table(run_factory) -> pd.DataFrame:
    return learning_curves({name: Run.load(run_factory(name)).history for name in ("a", "b")})


METHODS = {"a": "base", "b": "base"}


def test_one_panel_a_term_with_training_solid_and_validation_dotted(table: pd.DataFrame):
    figure = curve_figure(table, METHODS, ["loss", "loss/prototype", "nDCG@5", "P@1"])
    titles = [figure.layout[f"yaxis{number}"].title.text for number in ("", 2, 3, 4)]
    assert titles == ["loss", "loss/prototype", "nDCG@5", "P@1"]
    assert figure.layout.xaxis4.title.text == "training step"
    lines = [(line.name, line.line.dash, line.yaxis) for line in figure.data if line.yaxis in ("y", "y3")]
    assert sorted(lines) == [
        ("a", "dot", "y"),
        ("a", "dot", "y3"),
        ("a", "solid", "y"),
        ("b", "dot", "y"),
        ("b", "dot", "y3"),
        ("b", "solid", "y"),
    ]


def test_each_run_is_in_the_legend_once_and_has_its_own_shade(table: pd.DataFrame):
    figure = curve_figure(table, METHODS, ["loss", "P@1"])
    assert sorted(line.name for line in figure.data if line.showlegend) == ["a", "b"]
    assert len({line.line.color for line in figure.data}) == 2


def test_methods_differ_in_more_than_their_colour(table: pd.DataFrame):
    figure = curve_figure(table, {"a": "base", "b": "protomix"}, ["loss", "P@1"])
    assert {(line.name, line.marker.symbol, line.mode) for line in figure.data} == {
        ("a", "circle", "lines+markers"),
        ("b", "diamond", "lines+markers"),
    }
    assert all(line.marker.maxdisplayed < 20 for line in figure.data)


def test_an_axis_goes_below_zero_only_where_values_do(table: pd.DataFrame):
    one = table[table["term"] == "loss"].head(1)
    assert curve_figure(one, METHODS, ["loss"]).layout.yaxis.rangemode == "nonnegative"
    below = one.assign(value=-0.5)
    assert curve_figure(below, METHODS, ["loss"]).layout.yaxis.rangemode == "normal"


@pytest.mark.parametrize("over", list(AXES))
def test_curves_can_be_drawn_over_steps_epochs_and_time(table: pd.DataFrame, over: str):
    figure = curve_figure(table, METHODS, ["P@1"], over=over)
    rows = table[(table["run"] == "a") & (table["term"] == "P@1")]
    assert list(figure.data[0].x) == rows[over].tolist()
    assert figure.layout.xaxis.title.text == AXES[over]


def test_nothing_to_draw_says_so(table: pd.DataFrame):
    assert "Nothing was measured" in curve_figure(learning_curves({}), {}, []).layout.annotations[0].text
    assert "Nothing was measured" in curve_figure(table, METHODS, []).layout.annotations[0].text
