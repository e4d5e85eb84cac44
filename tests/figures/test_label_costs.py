from __future__ import annotations

import pandas as pd

from workbench.figures.label_costs import label_cost_figure

ROWS = pd.DataFrame(
    {
        "method": ["lsfa", "lsfa", "base", "base"],
        "labels": [736, 54, 54, 736],
        "seconds": [2.0, 0.5, 0.1, None],
        "peak_mb": [900, 700, 500, None],
    }
)


def test_a_row_a_method_says_where_it_ends():
    figure = label_cost_figure(ROWS)
    marks = {(trace.name, trace.xaxis): trace for trace in figure.data if trace.mode == "markers"}
    few, many = "54 labels", "736 labels"
    assert dict(zip(marks[few, "x"].y, marks[few, "x"].x, strict=True)) == {"lsfa": 0.5, "base (≤ 54)": 0.1}
    assert dict(zip(marks[many, "x2"].y, marks[many, "x2"].x, strict=True)) == {"lsfa": 900}
    assert list(figure.layout.yaxis.categoryarray) == [
        "lsfa",
        "base (≤ 54)",
    ]  # from below: the quickest is on top
    assert figure.layout.xaxis.type == figure.layout.xaxis2.type == "log"
    assert [trace.name for trace in figure.data if trace.showlegend] == [few, many]


def test_a_line_spans_what_a_method_took():
    spans = {trace.xaxis: trace for trace in label_cost_figure(ROWS).data if trace.mode == "lines"}
    assert list(spans["x"].x) == [0.1, 0.1, None, 0.5, 2.0, None]
    assert list(spans["x2"].y) == ["base (≤ 54)"] * 2 + [None] + ["lsfa"] * 2 + [None]


def test_nothing_measured_has_a_message():
    for rows in (ROWS[:0], pd.DataFrame({"method": ["x"], "labels": [3]})):
        assert "Nothing" in label_cost_figure(rows).layout.annotations[0].text
