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


def test_a_line_a_method_ends_where_it_refuses():
    figure = label_cost_figure(ROWS)
    lines = {(line.name, line.yaxis): line for line in figure.data}
    assert list(lines["lsfa", "y"].x) == [54, 736]
    assert list(lines["lsfa", "y"].y) == [0.5, 2.0]
    assert list(lines["base", "y"].x) == [54]
    assert list(lines["base", "y2"].y) == [500]
    assert figure.layout.yaxis.type == figure.layout.xaxis.type == "log"
    assert [line.name for line in figure.data if line.showlegend] == ["base", "lsfa"]


def test_nothing_measured_has_a_message():
    assert "Nothing" in label_cost_figure(ROWS[:0]).layout.annotations[0].text
    assert (
        "Nothing"
        in label_cost_figure(pd.DataFrame({"method": ["x"], "labels": [3]})).layout.annotations[0].text
    )
