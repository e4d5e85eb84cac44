from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.sensitivity import sensitivity_figure, settings_figure


@pytest.fixture
def table() -> pd.DataFrame:
    rows = [
        ("base", float("nan"), "P@1", 0.5, 0.01, 2),
        ("mix", 0.01, "P@1", 0.7, float("nan"), 1),
        ("mix", 0.0001, "P@1", 0.6, float("nan"), 1),
        ("mix", 0.0001, "P@5", 0.3, float("nan"), 1),
    ]
    named = pd.DataFrame(rows, columns=["variant", "at", "metric", "value", "std", "n"])
    return named.assign(encoder="cnn")


def test_one_panel_a_metric_and_a_level_line_for_what_has_no_setting(table):
    figure = sensitivity_figure(table, ("P@1", "P@5", "nDCG@5"), axis="beta")
    assert [figure.layout.yaxis.title.text, figure.layout.yaxis2.title.text] == [
        "P@1 (percent)",
        "P@5 (percent)",
    ]
    assert "yaxis3" not in figure.layout.to_plotly_json()
    level, line = (next(one for one in figure.data if one.name == name) for name in ("base", "mix"))
    np.testing.assert_array_equal(level.x, [0.0001, 0.01])
    np.testing.assert_array_equal(level.y, [0.5, 0.5])
    assert (level.line.dash, level.mode) == ("dot", "lines")
    np.testing.assert_array_equal(line.x, [0.0001, 0.01])  # in the order of the values
    np.testing.assert_array_equal(line.y, [0.6, 0.7])
    assert "beta, P@1" in line.hovertemplate
    assert figure.layout.yaxis.tickformat.endswith("%")
    assert "%{y:.2%}" in line.hovertemplate
    low, high = figure.layout.yaxis2.range  # of a single value
    assert low < 0.3 < high
    assert high - low < 0.1


def test_far_apart_values_are_drawn_on_a_logarithmic_axis(table):
    assert sensitivity_figure(table, ("P@1",), axis="beta").layout.xaxis.type == "log"
    near = table.assign(at=table["at"].replace({0.0001: 0.005}))
    figure = sensitivity_figure(near, ("P@1",), axis="beta")
    assert figure.layout.xaxis.type is None
    assert figure.layout.xaxis.ticktext == ("0.005", "0.01")
    assert figure.layout.xaxis.title.text == "beta"


def test_each_method_is_named_once_and_with_its_encoder_where_there_are_several(table):
    figure = sensitivity_figure(table, ("P@1", "P@5"), axis="beta")
    assert sorted(trace.name for trace in figure.data if trace.showlegend) == ["base", "mix"]
    both = pd.concat([table, table.assign(encoder="bert")])
    names = {trace.name for trace in sensitivity_figure(both, ("P@1",), axis="beta").data}
    assert names == {"base · cnn", "mix · cnn", "base · bert", "mix · bert"}


def test_only_methods_without_the_setting_and_an_empty_table(table):
    figure = sensitivity_figure(table.iloc[:1], ("P@1",), axis="beta")
    np.testing.assert_array_equal(figure.data[0].y, [0.5])
    empty = sensitivity_figure(table.iloc[:0], ("P@1",), axis="beta")
    assert "No run" in empty.layout.annotations[0].text


def test_two_settings_have_rows_and_scales_of_their_own(table):
    times = table[table["variant"] == "mix"].assign(at=[20.0, 1.0, 1.0])
    figure = settings_figure({"N_t": table, "N_a": times}, ("P@1", "P@5"))
    below, above = (list(figure.select_xaxes(row=row)) for row in (2, 1))
    assert {axis.title.text for axis in above} == {"N_t"}
    assert {axis.title.text for axis in below} == {"N_a"}
    assert {axis.ticktext for axis in below} == {("1", "20")}
    assert {axis.ticktext for axis in above} == {("0.0001", "0.01")}
    assert [axis.title.text for axis in figure.select_yaxes(row=2)] == ["P@1 (percent)", "P@5 (percent)"]
    assert sorted(trace.name for trace in figure.data if trace.showlegend) == ["base", "mix"]


def test_a_setting_without_runs_has_no_row(table):
    figure = settings_figure({"N_t": table, "N_a": table.iloc[:0]}, ("P@1",))
    assert [axis.title.text for axis in figure.select_xaxes()] == ["N_t"]
