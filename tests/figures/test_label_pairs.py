from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.label_pairs import PICTURES, divergence_figure, pair_figure, pair_width
from workbench.figures.palette import method_colour

NAMES = ["ant", "bee", "a cat with a long name"]
NAN = np.nan
ARRAYS = {
    "gold_given": np.array([[NAN, 4, 4], [2, NAN, 2], [1, 1, NAN]]),
    "gold_together": np.array([[NAN, 2, 1], [2, NAN, 0], [1, 0, NAN]]),
    "gold": np.array([[NAN, 0.5, 0.25], [1, NAN, 0], [1, 0, NAN]]),
    "predicted_given": np.array([[NAN, 5, 5], [1, NAN, 1], [0, 0, NAN]]),
    "predicted_together": np.array([[NAN, 1, 0], [1, NAN, 0], [0, 0, NAN]]),
    "predicted": np.array([[NAN, 0.2, 0], [1, NAN, 0], [NAN, NAN, NAN]]),
    "difference": np.array([[NAN, -0.3, -0.25], [0, NAN, 0], [NAN, NAN, NAN]]),
}


@pytest.mark.parametrize("picture", PICTURES)
def test_axes_and_titles_are_named_and_cells_are_squares(picture):
    figure = pair_figure(ARRAYS, NAMES, picture, cell=20)
    layout = figure.layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("label b", "given label a")
    assert layout.annotations[0].text == f"<b>{PICTURES[picture]}</b>"
    assert layout.yaxis.ticktext == ("ant", "bee", "a cat with a long n…")
    across = pair_width(3, 20) - layout.margin.l - layout.margin.r
    assert across == layout.height - layout.margin.t - layout.margin.b == 60
    assert layout.yaxis.range == (2.5, -0.5)  # the first row on top, as in a table


def test_pairs_that_never_come_together_have_no_ink_and_both_amounts_one_scale():
    gold, predicted = (pair_figure(ARRAYS, NAMES, one).data[0] for one in ("gold", "predicted"))
    np.testing.assert_allclose(gold.z, [[NAN, 0.5, 0.25], [1, NAN, NAN], [1, NAN, NAN]])
    np.testing.assert_allclose(predicted.z[0], [NAN, 0.2, NAN], rtol=1e-6)
    assert (gold.zmin, gold.zmax) == (predicted.zmin, predicted.zmax) == (0, 1)


def test_the_difference_has_nought_in_the_middle():
    ink = pair_figure(ARRAYS, NAMES, "difference").data[0]
    assert ink.zmax == -ink.zmin == pytest.approx(0.3)
    np.testing.assert_array_equal(np.isnan(ink.z), np.isnan(ARRAYS["difference"]))


def test_every_pair_says_counts_and_probabilities_under_the_pointer():
    _, known, unknown = pair_figure(ARRAYS, NAMES, "gold").data
    np.testing.assert_array_equal(np.isnan(known.z), np.isnan(ARRAYS["predicted"]))
    np.testing.assert_array_equal(~np.isnan(unknown.z), [[False] * 3, [False] * 3, [True, True, False]])
    np.testing.assert_allclose(known.customdata[0, 1], [4, 2, 0.5, 5, 1, 0.2, -0.3], rtol=1e-6)
    assert "%{customdata[1]:,} of %{customdata[0]:,} documents with a have b" in known.hovertemplate
    assert "no document has a" in unknown.hovertemplate


@pytest.mark.parametrize("picture", PICTURES)
@pytest.mark.parametrize("cell", [8.4, 12.4, 28])
def test_rows_and_columns_have_names_with_room_for_the_longest(picture, cell):
    layout = pair_figure(ARRAYS, NAMES, picture, cell=cell).layout
    assert layout.xaxis.showticklabels
    assert layout.yaxis.showticklabels
    letter = layout.yaxis.tickfont.size
    assert letter == layout.xaxis.tickfont.size == min(cell, 11)
    assert layout.margin.l == layout.margin.b > 20 * letter / 2  # 20 letters, half as wide as high


def test_too_many_labels_have_no_names():
    many = {name: np.full((41, 41), 0.5) for name in ARRAYS}
    layout = pair_figure(many, [f"l{number}" for number in range(41)], "gold").layout
    assert not layout.xaxis.showticklabels
    assert not layout.yaxis.showticklabels


@pytest.mark.parametrize("names", [[], ["only"]])
def test_fewer_than_two_labels_have_a_message(names):
    size = len(names)
    figure = pair_figure({name: np.full((size, size), NAN) for name in ARRAYS}, names, "gold")
    assert "two labels" in figure.layout.annotations[0].text


def test_runs_have_their_methods_colour_and_what_they_are_read_against_is_grey():
    table = pd.DataFrame(
        {
            "name": ["run", "again", "labels shuffled"],
            "is_run": [True, True, False],
            "divergence": [1.5, -2, 80.0],
        }
    )
    figure = divergence_figure(table, {"run": "laco", "again": "laco"})
    (bars,) = figure.data
    assert list(bars.y) == ["labels shuffled", "again", "run"]  # plotly counts from below
    assert bars.marker.color[1:] == (method_colour("laco"),) * 2
    assert bars.marker.color[0] != method_colour("laco")
    assert bars.marker.pattern.shape == ("", "/", "")
    assert "nats" in figure.layout.xaxis.title.text
    assert divergence_figure(table[:0], {}).layout.annotations[0].text == "No run to draw"


def test_a_picture_at_the_right_of_another_leaves_the_names_of_rows_to_it():
    named, bare = (pair_figure(ARRAYS, NAMES, "gold", cell=8.6, is_named=named) for named in (True, False))
    assert (named.layout.yaxis.showticklabels, bare.layout.yaxis.showticklabels) == (True, False)
    assert bare.layout.xaxis.showticklabels
    assert bare.layout.height == named.layout.height
    across = pair_width(3, 8.6, is_named=False) - bare.layout.margin.l - bare.layout.margin.r
    assert across == pytest.approx(3 * 8.6, abs=1)
