from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.figures.label_scatter import label_scatter

TABLE = pd.DataFrame(
    [
        ("x", "label x", 400, 9, 0.5, 0.75, 0.25),
        ("y", "label y", 100, 3, 0.5, 0.25, -0.25),
        ("z", "label z", 0, 2, 0.0, 0.0, 0.0),
        ("w", "label w", 4, 1, 0.0, 1.0, 1.0),
    ],
    columns=["label", "text", "train_count", "test_count", "a", "b", "difference"],
)


def test_each_label_is_a_mark_of_its_change_by_colour_and_shape():
    figure = label_scatter(TABLE, ("one", "two"), "F1")
    gained, lost, same = figure.data
    assert (gained.name, lost.name, same.name) == ("gained (2)", "lost (1)", "as before (1)")
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert len({trace.marker.color for trace in figure.data}) == 3
    np.testing.assert_array_equal(gained.x, [0.5, 0.0])
    np.testing.assert_array_equal(gained.y, [0.75, 1.0])
    assert list(gained.text) == ["label x", "label w"]
    np.testing.assert_array_equal(gained.customdata, [[0, 400, 9], [3, 4, 1]])


def test_the_size_grows_with_the_root_of_training_documents():
    gained, lost, same = label_scatter(TABLE, ("one", "two"), "F1").data
    largest, middle, none = gained.marker.size[0], lost.marker.size[0], same.marker.size[0]
    assert (largest, none) == (27, 7)
    assert middle == (largest + none) / 2  # a quarter of the documents


def test_axes_name_the_runs_and_the_diagonal_is_drawn():
    figure = label_scatter(TABLE, ("one", "two"), "recall")
    assert figure.layout.xaxis.title.text == "recall of A: one"
    assert figure.layout.yaxis.title.text == "recall of B: two"
    (line,) = figure.layout.shapes
    assert (line.x0, line.y0, line.x1, line.y1) == (0, 0, 1, 1)
    assert figure.layout.xaxis.range == figure.layout.yaxis.range == (-0.04, 1.04)


def test_without_labels_it_says_so():
    figure = label_scatter(TABLE.iloc[:0], ("one", "two"), "F1")
    assert not figure.data
    assert "test document" in figure.layout.annotations[0].text
