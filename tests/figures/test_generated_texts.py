from __future__ import annotations

import pandas as pd

from workbench.figures.generated_texts import struck_figure, variety_figure


def test_a_panel_a_measure_and_a_bar_a_kind():
    table = pd.DataFrame(
        {
            "texts": ["real", "generated"],
            "documents": [9, 9],
            "distinct-1": [0.5, 0.25],
            "distinct-2": [0.9, 0.4],
            "self-BLEU": [0.2, 0.8],
        }
    )
    figure = variety_figure(table)
    assert [list(bar.y) for bar in figure.data] == [[0.5, 0.25], [0.9, 0.4], [0.2, 0.8]]
    assert figure.layout.annotations[2].text.startswith("self-BLEU<br><sup>lower")
    assert figure.layout.yaxis.title.text == "fraction"
    assert "documents: %{customdata}" in figure.data[0].hovertemplate


def test_nothing_to_compare_is_said():
    empty = pd.DataFrame({"texts": ["real"], "documents": [0], "distinct-1": [None], "self-BLEU": [None]})
    assert "nothing to compare" in variety_figure(empty).layout.annotations[0].text


def test_reasons_are_counted_the_commonest_on_top():
    struck = pd.DataFrame({"reason": ["empty", "duplicate", "duplicate"], "text": ["", "a", "a"]})
    figure = struck_figure(struck)
    assert list(figure.data[0].y) == ["empty", "duplicate"]
    assert list(figure.data[0].x) == [1, 2]
    assert "No answer was struck" in struck_figure(struck[:0]).layout.annotations[0].text
