from __future__ import annotations

import pandas as pd

from workbench.figures.family import family_figure
from workbench.figures.palette import method_colour

MECHANISMS = pd.DataFrame(
    [
        ("text-cnn", 2014, "On filters", "convolution", "filters slide"),
        ("lsfa", 2023, "On features", "prototypes", "one vector"),
        ("lsfa", 2023, "On features", "contrast", "drawn together"),
        ("protomix", 2024, "On both", "prototypes", "one vector"),
    ],
    columns=["method", "year", "title", "mechanism", "about"],
)
ORDER = ["convolution", "autoencoder", "prototypes", "contrast"]
SCORES = pd.DataFrame(
    {
        "method": ["protomix", "protomix", "unknown"],
        "variant": ["mix", "proto", "unknown"],
        "setting": ["mix · cnn", "proto · cnn", "unknown"],
        "mean": [0.7, 0.6, 0.9],
        "std": [0.1, float("nan"), 0.0],
        "seeds": [2, 1, 3],
    }
)


def test_methods_stand_by_year_and_the_chosen_ones_columns_are_in_its_colour():
    figure = family_figure(MECHANISMS, SCORES[:0], ORDER, "protomix", "")
    axis = figure.layout.yaxis
    assert list(axis.ticktext) == ["text-cnn (2014)", "lsfa (2023)", "<b>protomix (2024)</b>"]
    assert [trace.y[0] for trace in figure.data] == list(axis.tickvals) == sorted(axis.tickvals)
    assert axis.range[0] > axis.range[1] == 0  # downwards
    assert list(figure.layout.xaxis.categoryarray) == ["convolution", "prototypes", "contrast"]
    lsfa = figure.data[1].marker.color
    assert lsfa[0] == method_colour("protomix")
    assert lsfa[1] != method_colour("protomix")
    assert figure.data[1].customdata[0][0] == "lsfa"


def test_scores_stand_in_the_row_of_their_method():
    figure = family_figure(MECHANISMS, SCORES, ORDER, "lsfa", "P@1")
    *_, mix, proto = figure.data
    assert mix.xaxis == proto.xaxis == "x2"
    assert (mix.x[0], proto.x[0]) == (0.7, 0.6)
    middle = figure.layout.yaxis.tickvals[2]
    assert (mix.y[0] + proto.y[0]) / 2 == middle
    assert (mix.marker.color, proto.marker.color) == (method_colour("mix"), method_colour("proto"))
    assert mix.error_x.color == method_colour("mix")  # black would vanish on a dark page
    assert mix.customdata[0][0] == "protomix"
    assert "P@1" in figure.layout.xaxis2.title.text


def test_each_setting_has_a_height_and_a_name_of_its_own():
    figure = family_figure(MECHANISMS, SCORES, ORDER, "lsfa", "P@1")
    names = {note.text: note.y for note in figure.layout.annotations}
    assert names == {"mix": figure.data[-2].y[0], "proto": figure.data[-1].y[0]}
    assert names["proto"] - names["mix"] >= 14  # the letters of names keep clear of each other
    one = family_figure(MECHANISMS, SCORES[:1], ORDER, "lsfa", "P@1").layout
    assert figure.layout.height - one.height == figure.layout.yaxis.range[0] - one.yaxis.range[0] > 0
    assert figure.layout.margin.r > 6 * len("proto")


def test_a_methods_only_setting_needs_no_name():
    own = SCORES[:1].assign(variant="protomix")
    assert not family_figure(MECHANISMS, own, ORDER, "lsfa", "P@1").layout.annotations


def test_settings_of_one_variant_are_named_in_full():
    same = SCORES[:2].assign(variant="mix", setting=["mix · cnn", "mix · bilstm"])
    figure = family_figure(MECHANISMS, same, ORDER, "lsfa", "P@1")
    assert [note.text for note in figure.layout.annotations] == ["mix · cnn", "mix · bilstm"]


def test_a_dashed_line_stands_where_the_floor_is():
    figure = family_figure(MECHANISMS, SCORES, ORDER, "lsfa", "P@1", "proto")
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1, line.xref, line.line.dash) == (0.6, 0.6, "x2", "dash")
    for floor in ("", "binary-relevance"):
        assert not family_figure(MECHANISMS, SCORES, ORDER, "lsfa", "P@1", floor).layout.shapes


def test_nothing_to_draw_has_a_message():
    figure = family_figure(MECHANISMS[:0], SCORES[:0], ORDER, "lsfa", "")
    assert "No method" in figure.layout.annotations[0].text
