from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.figures.frequency_f1 import distribution_figure, frequency_f1_figure
from workbench.figures.palette import method_colour

COLUMNS = ["setting", "method", "bin", "labels", "most", "least", "tested", "mean", "std", "n"]
ROWS = [
    ("laco · cnn", "laco", 1, 5, 1200, 30, 5, 0.8, 0.1, 2),
    ("laco · cnn", "laco", 2, 4, 7, 7, 3, 0.4, np.nan, 1),
    ("laco · cnn", "laco", 3, 2, 0, 0, 0, 0.0, np.nan, 1),
    ("laco · gru", "laco", 1, 5, 1200, 30, 5, 0.7, np.nan, 1),
]
TABLE = pd.DataFrame(ROWS, columns=COLUMNS)
LABELS = pd.DataFrame(
    [
        (rank, number, f"label {rank}", 100 // rank)
        for rank, number in enumerate([1] * 5 + [2] * 4 + [3] * 2, 1)
    ],
    columns=["rank", "bin", "text", "documents"],
)


def test_each_setting_has_a_bar_in_each_group():
    figure = frequency_f1_figure(TABLE, "macro_F1")
    first, second = figure.data
    assert (first.name, second.name) == ("laco · cnn", "laco · gru")
    assert first.marker.color == second.marker.color == method_colour("laco")
    assert (first.marker.pattern.shape, second.marker.pattern.shape) == ("", "/")
    np.testing.assert_array_equal(first.y, [0.8, 0.4, 0.0])
    np.testing.assert_array_equal(first.error_y.array, [0.1, np.nan, np.nan])  # no bar for one seed
    assert second.error_y.array is None
    np.testing.assert_array_equal(first.customdata[1], [4, 3, 1])


def test_groups_say_their_edges_and_how_many_labels_they_have():
    layout = frequency_f1_figure(TABLE, "macro_F1").layout
    assert layout.xaxis.ticktext == ("1,200–30<br>(5)", "7<br>(4)", "never seen<br>(2)")
    assert "training documents a label" in layout.xaxis.title.text
    assert layout.yaxis.title.text == "macro_F1 (0 to 1)"


def test_nothing_to_draw_has_a_message():
    assert "No run" in frequency_f1_figure(TABLE[:0], "macro_F1").layout.annotations[0].text


def test_labels_stand_beside_the_groups_that_they_are_in():
    figure = distribution_figure(LABELS, TABLE, "macro_F1")
    labels, *bars = figure.data
    np.testing.assert_array_equal(labels.y, LABELS["documents"])
    assert len(set(labels.marker.color[:5])) == 1
    assert labels.marker.color[4] != labels.marker.color[5]
    assert labels.marker.color[8] != labels.marker.color[9]
    assert "training documents: %{y:,}" in labels.hovertemplate
    assert [bar.name for bar in bars] == ["laco · cnn", "laco · gru"]
    assert not labels.showlegend
    first, second = figure.select_xaxes()
    assert first.tickvals == (3.0, 7.5, 10.5)  # the middle of each group
    assert first.ticktext == second.ticktext == ("1,200–30<br>(5)", "7<br>(4)", "never seen<br>(2)")
    assert [axis.title.text for axis in figure.select_yaxes()] == ["training documents", "macro_F1 (0 to 1)"]
    assert len({bar.xaxis for bar in bars} | {labels.xaxis}) == 2


def test_nothing_beside_nothing_has_a_message():
    assert "No run" in distribution_figure(LABELS[:0], TABLE[:0], "macro_F1").layout.annotations[0].text
