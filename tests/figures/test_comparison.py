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
