from __future__ import annotations

import numpy as np

from workbench.figures.token_labels import token_label_figure

TOKENS = ["graph", "of\n", "<b>words", "graph"]  # one twice: places tell them apart
LABELS = ["a label with a name too long to stand beside it", "b (gold)"]
MATRIX = np.array([[0.5, -0.25, 0, 0.1], [0, 0.2, 0.3, -0.8]])
WEIGHTS = np.array([0.1, 0.0, 0.4, 0.2])


def test_bars_and_cells_stand_at_the_same_places():
    bars, cells = token_label_figure(TOKENS, LABELS, MATRIX, WEIGHTS, "#123456").data
    np.testing.assert_allclose(bars.y, WEIGHTS, rtol=1e-6)
    assert bars.x.tolist() == cells.x.tolist() == [0, 1, 2, 3]
    np.testing.assert_allclose(cells.z, MATRIX, rtol=1e-6)
    assert bars.marker.color == "#123456"


def test_nothing_is_in_the_middle_of_the_colours():
    _, cells = token_label_figure(TOKENS, LABELS, MATRIX, WEIGHTS, "#123456").data
    assert (cells.zmin, cells.zmax) == (-0.8, 0.8)
    _, cells = token_label_figure(TOKENS, LABELS, 0 * MATRIX, WEIGHTS, "#123456").data
    assert cells.zmin < 0 < cells.zmax


def test_axes_are_named_and_the_first_label_is_on_top():
    layout = token_label_figure(TOKENS, LABELS, MATRIX, WEIGHTS, "#123456").layout
    assert layout.yaxis2.range == (1.5, -0.5)
    assert layout.yaxis2.ticktext[0].endswith("…")
    assert layout.yaxis2.ticktext[1] == "b (gold)"
    assert layout.xaxis2.title.text == "token, in the order of the text"
    assert list(layout.xaxis2.ticktext) == TOKENS
    assert layout.yaxis.title.text == "weight"


def test_under_the_pointer_stand_both_names_in_full():
    _, cells = token_label_figure(TOKENS, LABELS, MATRIX, WEIGHTS, "#123456").data
    assert cells.customdata[0][1].tolist() == ["of\\n", LABELS[0]]
    assert cells.customdata[1][3].tolist() == ["graph", LABELS[1]]


def test_without_tokens_or_labels_the_picture_says_so():
    for tokens, labels, shape in (([], LABELS, (2, 0)), (TOKENS, [], (0, 4))):
        figure = token_label_figure(tokens, labels, np.zeros(shape), np.zeros(len(tokens)), "#123456")
        assert "No token" in figure.layout.annotations[0].text
