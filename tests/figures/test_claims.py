from __future__ import annotations

import pandas as pd

from workbench.figures.claims import claims_figure

TABLE = pd.DataFrame(
    [
        ("a/1", "A: demo, cnn", 1, "one beats two", "P@1", "+1.0 points", "held"),
        ("a/2", "A: demo, cnn", 2, "two beats three", "P@1", "-1.0 points", "did not hold"),
        ("a/3", "A: other, cnn", 1, "one beats two", "P@1", "+0.1 points", "undecided"),
    ],
    columns=["id", "row", "number", "claim", "measure", "told", "verdict"],
)


def test_each_verdict_has_a_colour_and_a_symbol_and_counts_its_claims():
    figure = claims_figure(TABLE)
    assert [trace.name for trace in figure.data] == ["held (1)", "did not hold (1)", "undecided (1)"]
    assert len({trace.marker.symbol for trace in figure.data}) == 3
    assert len({trace.marker.color for trace in figure.data}) == 3


def test_marks_lead_to_their_claims_and_stand_in_their_row():
    figure = claims_figure(TABLE)
    held, against, undecided = figure.data
    assert held.customdata[0][0] == "a/1"
    assert list(against.x) == [2]
    assert list(undecided.y) == ["A: other, cnn"]
    assert "undecided" in undecided.hovertemplate
    assert list(figure.layout.yaxis.categoryarray) == ["A: other, cnn", "A: demo, cnn"]
    assert figure.layout.xaxis.title.text
    assert figure.layout.yaxis.title.text


def test_nothing_to_draw_is_said():
    assert claims_figure(TABLE[:0]).layout.annotations[0].text == "No claim is of this choice"
