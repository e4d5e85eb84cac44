from __future__ import annotations

import numpy as np
import pytest

from workbench.analysis.spectrum import spectrum_table
from workbench.figures.palette import method_colour
from workbench.figures.spectrum import energy_figure, singular_value_figure, spectrum_figure

TABLE = spectrum_table({"a": np.array([4.0, 2.0]), "b": np.array([3.0, 0.3, 0.0]), "c": np.array([1.0])})
METHODS = {"a": "base", "b": "base", "c": "protomix"}


def test_one_line_a_run_in_its_methods_colour():
    figure = energy_figure(TABLE, METHODS)
    assert [line.name for line in figure.data] == ["a", "b", "c"]
    assert [line.line.color for line in figure.data] == [method_colour(METHODS[run]) for run in "abc"]
    assert figure.data[0].line.dash != figure.data[1].line.dash
    assert figure.data[2].mode == "lines+markers"  # one point is no line


def test_methods_differ_in_more_than_their_colour():
    base, _, protomix = energy_figure(TABLE, METHODS).data
    assert (base.marker.symbol, protomix.marker.symbol) == ("circle", "diamond")
    assert base.marker.maxdisplayed < 20  # a few signs on a line of many points


def test_energy_is_a_share_or_as_trained():
    np.testing.assert_allclose(energy_figure(TABLE, METHODS).data[0].y, [0.8, 1])
    raw = energy_figure(TABLE, METHODS, normalised=False)
    np.testing.assert_allclose(raw.data[0].y, [16, 20])
    assert "share of total" in energy_figure(TABLE, METHODS).layout.yaxis.title.text
    assert "as trained" in raw.layout.yaxis.title.text
    assert energy_figure(TABLE, METHODS).layout.shapes[0].y0 == 0.9
    assert not raw.layout.shapes


def test_singular_values_are_on_a_logarithmic_scale_that_zeros_do_not_stretch():
    axis = singular_value_figure(TABLE, METHODS, normalised=False).layout.yaxis
    assert axis.type == "log"
    low, high = axis.range
    assert high == pytest.approx(np.log10(4.0) + 0.1)
    assert low == pytest.approx(np.log10(4e-6) - 0.1)


def test_all_zero_embeddings_are_drawn_without_a_logarithm():
    table = spectrum_table({"dead": np.zeros(3)})
    figure = singular_value_figure(table, {"dead": "base"})
    assert figure.layout.yaxis.type is None
    assert list(figure.data[0].y) == [0, 0, 0]


def test_both_pictures_share_one_legend_and_keep_their_axes():
    figure = spectrum_figure(TABLE, METHODS)
    assert [line.showlegend for line in figure.data] == [True] * 3 + [False] * 3
    assert "cumulative energy" in figure.layout.yaxis.title.text
    assert "singular value" in figure.layout.yaxis2.title.text
    assert figure.layout.yaxis2.type == "log"
    assert figure.layout.yaxis2.side == "right"  # its title stands clear of the first panel at any width
    for axis in figure.select_xaxes():
        assert axis.title.text == "index of the singular value<br>largest first"
    assert len(figure.layout.shapes) == 1


@pytest.mark.parametrize("draw", [energy_figure, singular_value_figure, spectrum_figure])
def test_nothing_to_draw_says_so(draw):
    figure = draw(spectrum_table({}), {})
    assert not figure.data
    assert "No label embeddings" in figure.layout.annotations[0].text
