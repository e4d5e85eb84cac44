from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.similarity import (
    pair_scatter,
    similarity_cell,
    similarity_figure,
    similarity_width,
    title_lines,
)

NAMES = ["ant<br>(4 documents)", "bee<br>(1 document)", "a cat with a long name"]
PRODUCTS = np.array([[np.nan, 0.5, -0.2], [0.5, np.nan, 0.1], [-0.2, 0.1, np.nan]])
JACCARD = np.array([[np.nan, 0.25, 0], [0.25, np.nan, 0], [0, 0, np.nan]])
COUNTS = np.array([[0, 120, 1], [120, 0, 0], [1, 0, 0]], dtype=np.float32)


def test_pictures_share_their_order_and_each_has_its_own_scale_from_least_to_most():
    panels = {"inner product": PRODUCTS, "Jaccard": JACCARD}
    figure = similarity_figure(panels, NAMES, "label", {}, cell=20)
    left, right = figure.data
    assert left.x == right.x == left.y == tuple(NAMES)
    assert (left.zmin, left.zmax) == pytest.approx((-0.2, 0.5))
    assert (right.zmin, right.zmax) == pytest.approx((0, 0.25))
    assert np.isnan(np.diag(left.z)).all()
    assert [note.text for note in figure.layout.annotations] == ["<b>inner product</b>", "<b>Jaccard</b>"]
    assert figure.layout.xaxis2.matches == "x"
    assert figure.layout.yaxis.range == (2.5, -0.5)  # the first row on top, as in a table


def test_long_titles_are_broken_and_all_pictures_of_a_row_keep_their_cells_at_one_height():
    names = [f"label {number}" for number in range(12)]
    run = "inner product<br>demo-cnn-a-method-of-a-long-name-s0"
    lines = title_lines([run, "Jaccard"], len(names), 14)
    assert lines == 3
    values = np.eye(12)
    long, short = (
        similarity_figure({title: values}, names, "label", {}, cell=14, lines=lines).layout
        for title in (run, "Jaccard")
    )
    assert "".join(long.annotations[0].text.split("<br>")) == f"<b>{run.replace('<br>', '')}</b>"
    assert max(map(len, long.annotations[0].text[3:-4].split("<br>"))) * 7.5 <= 12 * 14 + 14
    assert (long.height, long.margin.t) == (short.height, short.margin.t)


def test_cells_are_squares_and_names_are_cut_behind_the_line_break():
    figure = similarity_figure({"inner product": PRODUCTS}, NAMES, "label", {}, cell=20)
    layout = figure.layout
    across = similarity_width(3, 20) - layout.margin.l - layout.margin.r
    assert across == layout.height - layout.margin.t - layout.margin.b == 60
    assert layout.yaxis.ticktext == ("ant", "bee", "a cat with a long n…")
    assert layout.xaxis.title.text == layout.yaxis.title.text == "label"


def test_both_numbers_and_counts_stand_under_the_pointer():
    told = {"Jaccard": JACCARD, "documents with both": COUNTS}
    (trace,) = similarity_figure({"inner product": PRODUCTS}, NAMES, "label", told).data
    np.testing.assert_allclose(trace.customdata[0, 1], [0.5, 0.25, 120])
    for place, name in enumerate(("inner product", "Jaccard", "documents with both")):
        assert f"{name}: %{{customdata[{place}]:,.3~f}}" in trace.hovertemplate


def test_counts_are_on_a_logarithmic_scale_without_ink_at_nought():
    figure = similarity_figure({"documents": COUNTS}, NAMES, "label", {}, logarithmic=["documents"])
    (trace,) = figure.data
    assert trace.z[0, 1] == pytest.approx(np.log10(120))
    assert np.isnan(trace.z[1, 2])
    assert trace.colorbar.ticktext == ("1", "10", "100")


@pytest.mark.parametrize("values", [np.full((3, 3), 0.5), np.full((3, 3), np.nan)])
def test_a_picture_of_one_value_or_of_none_has_a_scale(values):
    (trace,) = similarity_figure({"inner product": values}, NAMES, "label", {}).data
    assert trace.zmin < trace.zmax


def test_many_rows_have_no_names_and_fit_into_their_room():
    names = [f"label {number}" for number in range(200)]
    cell = similarity_cell(200, 500)
    figure = similarity_figure({"inner product": np.zeros((200, 200))}, names, "label", {}, cell=cell)
    assert not figure.layout.xaxis.showticklabels
    assert similarity_width(200, cell) <= 500
    assert similarity_cell(2, 500) == 28


@pytest.mark.parametrize("names", [[], ["only"]])
def test_fewer_than_two_have_a_message(names):
    figure = similarity_figure({"inner product": np.full((len(names),) * 2, np.nan)}, names, "label", {})
    assert "two of them" in figure.layout.annotations[0].text
    assert not figure.data


def pairs(run: str, furthest: bool) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "run": [run],
            "label_a": ["ant"],
            "label_b": ["bee"],
            "product": [0.7],
            "jaccard": [0.1],
            "together": [3],
            "documents_a": [4],
            "documents_b": [5],
            "is_furthest": [furthest],
        }
    )


def test_dots_have_a_panel_a_run_and_the_furthest_are_rings():
    table = pd.concat([pairs("one", False), pairs("two", False), pairs("two", True)])
    figure = pair_scatter(table, {"one": "base", "two": "protomix"})
    one, two, ring = figure.data
    assert (one.xaxis, two.xaxis, ring.xaxis) == ("x", "x2", "x2")
    assert ring.marker.symbol == "circle-open"
    assert one.marker.color != two.marker.color
    assert one.customdata.tolist() == [[3, 4, 5]]
    assert "documents with both" in one.hovertemplate
    assert figure.layout.yaxis.title.text == "inner product"
    assert figure.layout.xaxis2.title.text == "Jaccard similarity"
    assert [note.text for note in figure.layout.annotations] == ["one", "two"]


def test_without_pairs_there_is_a_message():
    figure = pair_scatter(pairs("one", False).iloc[:0], {"one": "base"})
    assert "No pair" in figure.layout.annotations[0].text
