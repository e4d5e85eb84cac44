from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.figures.label_relations import relation_figure

TABLE = pd.DataFrame(
    {
        "label": ["bee", "cat"],
        "documents": [2, 3],
        "together": [2, 1],
        "frequent": [True, False],
        "related": [2, 1],
        "weak": [1, 0],
        "contradicting": [1, 3],
    }
)


def test_counts_on_the_left_shares_on_the_right_the_first_row_on_top():
    figure = relation_figure(TABLE, "ant", 4, 1.5)
    together, *shares = figure.data
    assert list(together.y) == ["cat", "bee"]
    np.testing.assert_array_equal(together.x, [1, 2])
    assert [line[1] for line in together.customdata] == [
        "not above its average",
        "above its average: a frequent partner",
    ]
    assert together.marker.color[0] != together.marker.color[1]
    assert {trace.name: list(trace.x) for trace in shares} == {
        "related": [0.25, 0.5],
        "weak": [0.0, 0.25],
        "contradicting": [0.75, 0.25],
    }
    assert np.sum([trace.x for trace in shares], axis=0).tolist() == [1.0, 1.0]
    assert [shape.x0 for shape in figure.layout.shapes] == [1.5]
    assert "average 1.5" in figure.layout.annotations[0].text


def test_nothing_to_draw_has_a_message():
    for figure in (relation_figure(TABLE[:0], "ant", 4, 0.0), relation_figure(TABLE, "ant", 0, 0.0)):
        assert "ant has no documents" in figure.layout.annotations[0].text
