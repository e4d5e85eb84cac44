from __future__ import annotations

import pandas as pd

from workbench.figures.groups import group_figure

COLUMNS = ["setting", "method", "group", "labels", "mean", "std", "n"]


def test_one_line_a_setting_from_head_to_tail_with_its_spread():
    table = pd.DataFrame(
        [
            ("base · cnn", "base", "head", 4, 0.8, 0.01, 2),
            ("base · cnn", "base", "tail", 20, 0.2, float("nan"), 1),
            ("base · minilm", "base", "head", 4, 0.9, 0.02, 3),
        ],
        columns=COLUMNS,
    )
    figure = group_figure(table, "macro_F1")
    first, second = figure.data
    assert (list(first.x), list(first.y)) == (["head", "tail"], [0.8, 0.2])
    assert list(first.error_y.array) == [0.01, 0]
    assert first.line.dash != second.line.dash
    other = table.assign(method=["base", "base", "mix"])
    assert [line.line.dash for line in group_figure(other, "macro_F1").data] == ["solid", "solid"]
    assert [line.line.dash for line in group_figure(other, "macro_F1", "mix").data] == ["solid", "dash"]
    assert "labels: %{customdata[0]}" in first.hovertemplate  # reads well for one label too
    assert first.customdata[0].tolist() == [4, 2]
    assert list(figure.layout.xaxis.ticktext) == ["head (4)", "tail (20)"]
    assert figure.layout.yaxis.title.text == "macro_F1 (0 to 1)"


def test_nothing_to_draw_says_so():
    assert "No run has" in group_figure(pd.DataFrame(columns=COLUMNS), "P@1").layout.annotations[0].text
