from __future__ import annotations

import pandas as pd

from workbench.figures.comparison import _LOWER_IS_BETTER, comparison_figure
from workbench.figures.palette import method_colour
from workbench.metrics import METRIC_NAMES, higher_is_better

SUMMARY = pd.DataFrame(
    [
        ("base · cnn", "base", "P@1", 0.5, 0.01, 2),
        ("mix · cnn", "mix", "P@1", 0.7, float("nan"), 1),
        ("base · cnn", "base", "hamming_loss", 0.04, 0.002, 2),
        ("mix · cnn", "mix", "hamming_loss", 0.03, float("nan"), 1),
    ],
    columns=["setting", "method", "metric", "mean", "std", "n"],
)
POINTS = pd.DataFrame(
    [
        ("b0", 0, "base · cnn", "P@1", 0.49),
        ("b1", 1, "base · cnn", "P@1", 0.51),
        ("m0", 0, "mix · cnn", "P@1", 0.7),
        ("b0", 0, "base · cnn", "hamming_loss", 0.04),
    ],
    columns=["run", "seed", "setting", "metric", "value"],
)


def marks(figure, size: int) -> list:
    return [trace for trace in figure.data if trace.marker.size == size]


def test_means_have_bars_and_single_runs_are_behind_them():
    figure = comparison_figure(SUMMARY, POINTS, ["P@1"])
    means = {trace.y[0]: trace for trace in marks(figure, 12)}
    assert means["base · cnn"].x[0] == 0.5
    assert list(means["base · cnn"].error_x.array) == [0.01]
    assert means["mix · cnn"].error_x.array is None
    assert "± 0.0100 (2 runs)" in means["base · cnn"].hovertemplate
    assert means["mix · cnn"].marker.color == method_colour("mix")
    assert means["mix · cnn"].marker.line.width  # symbols of lines alone show nothing without
    behind = next(trace for trace in marks(figure, 7) if trace.y[0] == "base · cnn")
    assert list(behind.x) == [0.49, 0.51]
    assert behind.customdata.tolist() == [["b0", "0"], ["b1", "1"]]


def test_the_best_is_on_top_also_where_lower_is_better():
    assert list(comparison_figure(SUMMARY, POINTS, ["P@1"]).layout.yaxis.categoryarray)[-1] == "mix · cnn"
    figure = comparison_figure(SUMMARY, POINTS, ["hamming_loss", "P@1"])
    assert list(figure.layout.yaxis.categoryarray)[-1] == "mix · cnn"
    assert "lower is better" in figure.layout.xaxis.title.text
    assert "higher is better" in figure.layout.xaxis2.title.text.split("<br>")  # a short line of its own


def test_directions_are_those_of_the_catalogue():
    lower = {name for name in METRIC_NAMES if not higher_is_better(name)}
    assert lower == _LOWER_IS_BETTER


def test_metrics_that_no_run_has_make_no_panel():
    figure = comparison_figure(SUMMARY, POINTS, ["nDCG@5", "P@1"])
    assert figure.layout.xaxis.title.text.startswith("P@1")
    assert "No run has" in comparison_figure(SUMMARY, POINTS, ["nDCG@5"]).layout.annotations[0].text
    assert "No run has" in comparison_figure(SUMMARY, POINTS, []).layout.annotations[0].text


def test_a_dashed_line_stands_at_the_floor():
    method = SUMMARY["method"].iloc[0]
    lines = comparison_figure(SUMMARY, POINTS, ["P@1"], method).layout.shapes
    assert [line.x0 for line in lines] == [SUMMARY[SUMMARY["method"] == method]["mean"].iloc[0]]
    assert not comparison_figure(SUMMARY, POINTS, ["P@1"], "none").layout.shapes


def test_of_two_settings_of_the_floor_the_line_stands_at_the_one_that_is_named():
    poor = SUMMARY[SUMMARY["method"] == "base"].assign(setting="base · cnn · C=0.001", mean=0.2)
    both = pd.concat([poor, SUMMARY])
    (line,) = comparison_figure(both, POINTS, ["P@1"], "base · cnn").layout.shapes
    assert line.x0 == 0.5


def test_an_axis_reaches_around_its_marks_and_not_beyond_what_a_metric_can_be():
    one = SUMMARY.iloc[1:2]
    low, high = comparison_figure(one, POINTS.iloc[2:3], ["P@1"]).layout.xaxis.range
    assert low < 0.7 < high
    assert high - low < 0.1
    low, high = comparison_figure(SUMMARY, POINTS, ["P@1"]).layout.xaxis.range
    assert low < 0.49
    assert high > 0.7
    low, high = comparison_figure(SUMMARY.assign(std=0.9), POINTS, ["P@1"]).layout.xaxis.range
    assert (round(low, 2), round(high, 2)) == (0, 1)


def test_what_is_no_metric_has_no_range_of_one():
    axis = comparison_figure(
        SUMMARY.replace("P@1", "KL, test"), POINTS.replace("P@1", "KL, test"), ["KL, test"]
    ).layout.xaxis
    assert (axis.title.text, axis.range) == ("KL, test", None)
    assert not any(" " in name for name in METRIC_NAMES)


def test_rows_are_low_however_long_a_name_is_and_the_pointer_shows_all_of_it():
    long = "base · cnn · " + ", ".join(f"s{number}={number}" for number in range(30))
    tables = [table.replace("base · cnn", long) for table in (SUMMARY, POINTS)]
    figure = comparison_figure(*tables, ["P@1"])
    assert figure.layout.height == comparison_figure(SUMMARY, POINTS, ["P@1"]).layout.height
    text = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))[long]
    assert text.endswith("…")
    assert text.count("<br>") == 1
    mean = next(trace for trace in marks(figure, 12) if trace.y[0] == long)
    assert "s29=29" in mean.hovertemplate
    told = comparison_figure(SUMMARY, POINTS, ["P@1"], details={"mix · cnn": "mix · cnn · all of it"})
    assert any("all of it" in trace.hovertemplate for trace in marks(told, 12))


def test_numbers_of_the_first_metric_stand_at_the_right():
    notes = comparison_figure(SUMMARY, POINTS, ["P@1", "hamming_loss"]).layout.annotations
    assert {note.y: note.text for note in notes} == {
        "base · cnn": "0.5000 ± 0.0100",
        "mix · cnn": "0.7000",
        1: "<b>P@1</b>",
    }


def test_many_rows_have_their_scales_above_them_too():
    many = pd.concat([SUMMARY.assign(setting=SUMMARY["setting"] + f" {number}") for number in range(9)])
    figure = comparison_figure(many, POINTS, ["P@1", "hamming_loss"])
    above = [axis for axis in figure.select_xaxes() if axis.side == "top"]
    assert [(axis.title.text, axis.matches) for axis in above] == [("P@1", "x"), ("hamming_loss", "x2")]
    assert list(figure.layout.yaxis.range) == [-0.5, 17.5]
    few = comparison_figure(SUMMARY, POINTS, ["P@1"])
    assert not [axis for axis in few.select_xaxes() if axis.side == "top"]
