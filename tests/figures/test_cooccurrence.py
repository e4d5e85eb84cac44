from __future__ import annotations

import numpy as np
import pytest

from workbench.figures.cooccurrence import MEASURES, NAMED_AT_MOST, NAMED_BELOW, cooccurrence_figure
from workbench.figures.palette import DIVERGING, SEQUENTIAL

NAMES = ["a", "b", "c with a name far too long to stand beside a picture"]
NAN = np.nan
CELLS = {
    "documents": np.array([[0, 100, 0], [100, 0, 10], [0, 10, 0]]),
    "expected": np.array([[NAN, 50, 2.5], [50, NAN, 40], [2.5, 40, NAN]], np.float32),
    "probability": np.array([[NAN, 0.8, 0], [0.4, NAN, 0.04], [0, 0.2, NAN]], np.float32),
    "pmi": np.array([[NAN, 1, -np.inf], [1, NAN, -2], [-np.inf, -2, NAN]], np.float32),
}


def many(rows: int, columns: int) -> dict[str, np.ndarray]:
    shape = (rows, columns)
    cells = {name: np.ones(shape, np.float32) for name in ("expected", "probability", "pmi")}
    return cells | {"documents": np.ones(shape, np.int64)}


def test_documents_have_a_logarithmic_scale_and_blank_cells_where_there_are_none():
    _, pairs = cooccurrence_figure(CELLS, NAMES, NAMES).data
    np.testing.assert_allclose(pairs.z, [[NAN, 2, NAN], [2, NAN, 1], [NAN, 1, NAN]], rtol=1e-6)
    assert (pairs.zmin, pairs.zmax) == (0, 2)
    assert list(pairs.colorbar.ticktext) == ["1", "2", "5", "10", "20", "50", "100"]
    np.testing.assert_allclose(pairs.colorbar.tickvals, np.log10([1, 2, 5, 10, 20, 50, 100]))


def test_probabilities_begin_at_zero_and_pmi_has_its_zero_in_the_middle():
    _, pairs = cooccurrence_figure(CELLS, NAMES, NAMES, "probability").data
    np.testing.assert_allclose(pairs.z[0], [NAN, 0.8, NAN], rtol=1e-6)
    assert (pairs.zmin, pairs.zmax) == (0, pytest.approx(0.8))
    assert [list(stop) for stop in pairs.colorscale] == [list(stop) for stop in SEQUENTIAL]
    _, pairs = cooccurrence_figure(CELLS, NAMES, NAMES, "pmi").data
    np.testing.assert_allclose(pairs.z[1], [1, NAN, -2])
    assert (pairs.zmin, pairs.zmax) == (-2, 2)
    assert [list(stop) for stop in pairs.colorscale] == [list(stop) for stop in DIVERGING]


@pytest.mark.parametrize("measure", MEASURES)
def test_hovering_names_both_labels_and_every_number(measure: str):
    never, pairs = cooccurrence_figure(CELLS, NAMES, NAMES, measure).data
    for part in ("%{x}", "%{y}", "documents with both", "by chance", "p(column | row)", "PMI"):
        assert part in pairs.hovertemplate
    np.testing.assert_allclose(pairs.customdata[0, 1], [100, 50, 0.8, 1], rtol=1e-6)
    assert list(pairs.x) == list(never.x) == NAMES  # in full, whatever the ticks say
    assert "never together" in never.hovertemplate
    np.testing.assert_array_equal(never.z[0], [NAN, NAN, 2.5])  # by chance, only where there is no pair
    assert not never.hoverongaps
    assert not never.showscale


@pytest.mark.parametrize("measure", MEASURES)
def test_the_colour_bar_is_named_with_its_unit(measure: str):
    (title,) = cooccurrence_figure(CELLS, NAMES, NAMES, measure).layout.annotations
    assert title.text == MEASURES[measure]


def test_cells_are_sent_as_small_numbers():
    for trace in cooccurrence_figure(many(200, 200), *[[str(n) for n in range(200)]] * 2).data:
        assert trace.z.dtype == np.float32
        assert trace.customdata is None or trace.customdata.dtype == np.float32


def test_names_stand_beside_few_rows_and_below_fewer_columns():
    few, some, lots = (
        [f"n{n}" for n in range(size)] for size in (NAMED_BELOW, NAMED_AT_MOST, NAMED_AT_MOST + 1)
    )
    figure = cooccurrence_figure(CELLS, NAMES, NAMES)
    assert list(figure.layout.yaxis.ticktext) == ["a", "b", "c with a name far too l…"]
    assert figure.layout.yaxis.range == (2.5, -0.5)  # the first row on top
    assert cooccurrence_figure(many(len(few), len(few)), few, few).layout.xaxis.showticklabels
    square = cooccurrence_figure(many(len(some), len(some)), some, some)
    assert square.layout.yaxis.showticklabels
    assert not square.layout.xaxis.showticklabels  # they are the rows again
    assert cooccurrence_figure(many(2, len(some)), ["x", "y"], some).layout.xaxis.showticklabels
    assert not cooccurrence_figure(many(len(lots), 1), lots, ["x"]).layout.yaxis.showticklabels


def test_every_axis_has_a_title_and_a_square_picture_its_diagonal():
    square = cooccurrence_figure(CELLS, NAMES, NAMES)
    assert square.layout.xaxis.title.text == "column: labels in the same order"
    assert square.layout.yaxis.title.text == "row: label"
    (line,) = square.layout.shapes
    assert (line.x0, line.y0, line.x1, line.y1) == (-0.5, -0.5, 2.5, 2.5)
    other = cooccurrence_figure({name: cells[:2] for name, cells in CELLS.items()}, NAMES[:2], NAMES)
    assert other.layout.xaxis.title.text == "column: label"
    assert not other.layout.shapes


def test_a_label_is_framed_as_row_and_as_column():
    figure = cooccurrence_figure(CELLS, NAMES, NAMES, marked=["b"])
    row, column = figure.layout.shapes[1:]
    assert (row.x0, row.x1, row.y0, row.y1) == (-0.5, 2.5, 0.5, 1.5)
    assert (column.x0, column.x1, column.y0, column.y1) == (0.5, 1.5, -0.5, 2.5)


@pytest.mark.parametrize("measure", MEASURES)
def test_labels_that_never_come_together_are_drawn_without_ink(measure: str):
    cells = {name: values[:1, :1] for name, values in CELLS.items()}
    _, pairs = cooccurrence_figure(cells, ["a"], ["b"], measure).data
    assert np.isnan(pairs.z).all()
    assert pairs.zmin < pairs.zmax


def test_nothing_to_draw_says_so():
    figure = cooccurrence_figure(many(0, 0), [], [])
    assert not figure.data
    assert "No document" in figure.layout.annotations[0].text


def test_a_single_label_has_no_pairs():
    figure = cooccurrence_figure({name: values[:1, :1] for name, values in CELLS.items()}, ["a"], ["a"])
    assert not figure.data
    assert "no other" in figure.layout.annotations[0].text


@pytest.mark.parametrize(("rows", "columns"), [(2, 2), (3, 11), (11, 11), (30, 5)])
def test_a_few_labels_have_square_cells_that_are_as_high_as_their_names(rows: int, columns: int):
    names = [[f"{side}{n}" for n in range(size)] for side, size in (("row", rows), ("column", columns))]
    layout = cooccurrence_figure(many(rows, columns), *names).layout
    assert (layout.yaxis.scaleanchor, layout.yaxis.constrain, layout.xaxis.constrain) == (
        "x",
        *["domain"] * 2,
    )
    longest = 7 * max(map(len, names[1]))
    assert (layout.height - layout.margin.t - longest - 50) / rows >= 20
    assert layout.yaxis.tickfont.size == 10


@pytest.mark.parametrize(("rows", "columns"), [(31, 31), (54, 54), (64, 64), (200, 200), (5, 60), (60, 5)])
def test_many_labels_have_square_cells_that_fill_the_picture(rows: int, columns: int):
    names = [[f"{side}{n}" for n in range(size)] for side, size in (("row", rows), ("column", columns))]
    names = names if rows != columns else [names[0], names[0]]
    for width in (540, 800):
        layout = cooccurrence_figure(many(rows, columns), *names, width=width).layout
        assert (layout.yaxis.scaleanchor, layout.yaxis.constrain, layout.xaxis.constrain) == (
            "x",
            *["domain"] * 2,
        )
        below = 7 * len(names[1][-1]) if layout.xaxis.showticklabels else 18
        cell = (layout.height - layout.margin.t - 50 - below) / rows
        assert cell * rows <= 561
        assert cell * columns <= width - 69  # names and titles stand beside them
        assert cell * rows > 500 or cell * columns > width - 160
        assert layout.yaxis.tickfont.size <= max(8, 1.2 * cell)


def test_the_title_leaves_the_top_to_the_buttons():
    for size in (2, 11, 54, 64):
        names = [f"n{n}" for n in range(size)]
        figure = cooccurrence_figure(many(size, size), names, names)
        (title,) = figure.layout.annotations
        title_px = 20
        assert figure.layout.margin.t - title.yshift - title_px >= 26
        bar_top = (1 - figure.data[1].colorbar.y) * figure.layout.height
        assert bar_top >= figure.layout.margin.t - title.yshift - 0.5
        assert bar_top + 40 <= figure.layout.margin.t  # its thickness and its numbers


def test_blocks_have_their_numbers_beside_them():
    blocks = [f"{number}: word + 4" for number in range(1, 65)]
    layout = cooccurrence_figure(many(64, 64), blocks, blocks).layout
    for axis in (layout.xaxis, layout.yaxis):
        assert axis.showticklabels
        assert not set(axis.tickvals) & set(range(64))  # or hovering would say 10 for the name of block 10
        assert list(axis.ticktext) == ["1", "10", "20", "30", "40", "50", "60"]
        assert [blocks[round(place)].split(":")[0] for place in axis.tickvals] == list(axis.ticktext)


def test_cells_with_ink_can_be_clicked():
    *_, targets = cooccurrence_figure(CELLS, NAMES, NAMES, can_choose=True).data
    assert targets.type == "scattergl"
    assert list(zip(targets.y, targets.x, strict=True)) == [
        ("a", "b"),
        ("b", "a"),
        ("b", NAMES[2]),
        (NAMES[2], "b"),
    ]
    assert {targets.marker.opacity, targets.selected.marker.opacity, targets.unselected.marker.opacity} == {0}
    np.testing.assert_allclose(targets.customdata[0], [100, 50, 0.8, 1], rtol=1e-6)
    assert "documents with both" in targets.hovertemplate
    assert len(cooccurrence_figure(CELLS, NAMES, NAMES).data) == 2


def test_clicks_are_offered_for_the_largest_of_very_many_cells():
    names = [str(number) for number in range(200)]
    cells = many(200, 200)
    cells["documents"][150:] = 2
    *_, targets = cooccurrence_figure(cells, names, names, can_choose=True).data
    assert len(targets.x) == 20_000
    assert (targets.customdata[:, 0] == 2).sum() == 10_000
