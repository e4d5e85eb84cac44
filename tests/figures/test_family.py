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
    assert [trace.y[0] for trace in figure.data] == ["text-cnn", "lsfa", "protomix"]
    assert list(figure.layout.yaxis.categoryarray) == ["protomix", "lsfa", "text-cnn"]
    assert list(figure.layout.yaxis.ticktext)[1:] == ["lsfa (2023)", "<b>protomix (2024)</b>"]
    assert list(figure.layout.xaxis.categoryarray) == ["convolution", "prototypes", "contrast"]
    lsfa = figure.data[1].marker.color
    assert lsfa[0] == method_colour("protomix")
    assert lsfa[1] != method_colour("protomix")
    assert figure.data[1].customdata[0][0] == "lsfa"


def test_scores_stand_in_the_row_of_their_method():
    figure = family_figure(MECHANISMS, SCORES, ORDER, "lsfa", "P@1")
    scores = figure.data[-1]
    assert scores.xaxis == "x2"
    assert list(scores.x) == [0.7, 0.6]
    assert list(scores.y) == ["protomix", "protomix"]
    assert list(scores.marker.color) == [method_colour("mix"), method_colour("proto")]
    assert scores.customdata[0][0] == "protomix"
    assert "P@1" in figure.layout.xaxis2.title.text


def test_a_dashed_line_stands_where_the_floor_is():
    figure = family_figure(MECHANISMS, SCORES, ORDER, "lsfa", "P@1", "proto")
    (line,) = figure.layout.shapes
    assert (line.x0, line.x1, line.xref, line.line.dash) == (0.6, 0.6, "x2", "dash")
    for floor in ("", "binary-relevance"):
        assert not family_figure(MECHANISMS, SCORES, ORDER, "lsfa", "P@1", floor).layout.shapes


def test_nothing_to_draw_has_a_message():
    figure = family_figure(MECHANISMS[:0], SCORES[:0], ORDER, "lsfa", "")
    assert "No method" in figure.layout.annotations[0].text
