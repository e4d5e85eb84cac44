from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.figures.group_bars import group_bars
from workbench.figures.palette import method_colour

TABLE = pd.DataFrame(
    [
        ("mix-0", "mix", "head", 4, 0.8),
        ("mix-0", "mix", "tail", 9, 0.2),
        ("mix-1", "mix", "head", 4, 0.7),
        ("base-0", "base", "tail", 9, 0.1),
    ],
    columns=["run", "method", "group", "labels", "value"],
)


def test_each_run_has_a_bar_a_group_and_runs_of_a_method_differ_by_pattern():
    figure = group_bars(TABLE, "macro_F1")
    assert [bar.name for bar in figure.data] == ["mix-0", "mix-1", "base-0"]
    assert [bar.marker.pattern.shape for bar in figure.data] == ["", "/", ""]
    assert figure.data[0].marker.color == figure.data[1].marker.color == method_colour("mix")
    np.testing.assert_array_equal(figure.data[0].y, [0.8, 0.2])
    assert "%{customdata[0]}" in figure.data[0].hovertemplate


def test_the_floor_is_a_dashed_line_over_the_bars():
    *bars, line = group_bars(TABLE, "macro_F1", "base").data
    assert {bar.type for bar in bars} == {"bar"}
    assert (line.type, line.name, line.line.dash, list(line.y)) == ("scatter", "base-0", "dash", [0.1])


def test_groups_say_how_many_labels_they_have():
    layout = group_bars(TABLE, "macro_F1").layout
    assert layout.xaxis.ticktext == ("head (4)", "tail (9)")
    assert layout.yaxis.title.text == "macro_F1 (0 to 1)"


def test_without_groups_it_says_so():
    assert "label group" in group_bars(TABLE.iloc[:0], "macro_F1").layout.annotations[0].text
