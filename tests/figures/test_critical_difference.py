from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from workbench.analysis.significance import compare_ranks
from workbench.figures.critical_difference import critical_difference_figure
from workbench.figures.palette import method_colour, method_symbol

RANKS = pd.DataFrame({"method": ["proto", "base", "mix · cnn"], "rank": [1.25, 2.0, 2.75]})
GROUPS = [("proto", "base"), ("base", "mix · cnn")]


def drawn(methods: int, name: str = "a method with a long name · minilm frozen · epochs=12"):
    values = np.random.default_rng(methods).random((6, methods)) - 0.1 * np.arange(methods)
    names = [f"{name} {number}" for number in range(methods)]
    found = compare_ranks(pd.DataFrame(values, columns=names))
    figure = critical_difference_figure(found.ranks, found.critical_difference, found.groups, found.blocks)
    return found, figure


def names_of(figure) -> list:
    return [note for note in figure.layout.annotations if "critical" not in note.text]


def test_every_method_is_a_mark_on_the_axis_with_a_line_to_its_name():
    figure = critical_difference_figure(RANKS, 1.1, GROUPS, 8, {"mix · cnn": "mix"})
    proto, base, mix = figure.data[:3]
    assert [trace.x[0] for trace in (proto, base, mix)] == [1.25, 2.0, 2.75]
    assert [trace.y[0] for trace in (proto, base, mix)] == [0, 0, 0]
    assert (mix.line.color, mix.marker.symbol) == (method_colour("mix"), method_symbol("mix"))
    assert "mix · cnn<br>average rank 2.75" in mix.hovertemplate
    assert [note.text for note in names_of(figure)] == ["proto (1.25)", "base (2.00)", "mix · cnn (2.75)"]
    assert [note.xanchor for note in names_of(figure)] == ["right", "right", "left"]
    for trace, note in zip((proto, base, mix), names_of(figure), strict=True):
        assert trace.y[-1] == note.y
        assert trace.x[-1] == figure.layout.xaxis.range[note.x]


def test_bars_join_what_is_not_told_apart():
    figure = critical_difference_figure(RANKS, 1.1, GROUPS, 8)
    first, second = figure.data[3:5]
    assert (list(first.x), list(second.x)) == (pytest.approx([1.21, 2.04]), pytest.approx([1.96, 2.79]))
    assert first.y[0] != second.y[0]
    assert "not told apart:<br>proto<br>base<" in first.hovertemplate


def test_the_critical_difference_is_a_length_on_the_axis_that_is_named():
    figure = critical_difference_figure(RANKS, 3.5, [], 8)
    assert list(figure.data[-1].x) == [1, 4.5]
    assert figure.layout.xaxis.range[1] > 4.5
    assert figure.layout.xaxis.title.text == "average rank over 8 corpora (1 is best)"
    assert list(figure.layout.xaxis.tickvals) == [1, 2, 3]
    assert "critical difference 3.50" in [note.text for note in figure.layout.annotations]


@pytest.mark.parametrize("methods", [3, 4, 7, 12])
@pytest.mark.parametrize("name", ["m", "a method with a long name · minilm frozen · epochs=12", "m" * 90])
def test_names_never_overlap_and_stay_inside_the_picture(methods, name):
    _, figure = drawn(methods, name)
    margin = figure.layout.margin
    low, high = figure.layout.yaxis.range
    assert high - low == pytest.approx(figure.layout.height - margin.t - margin.b, abs=1)  # units are pixels
    for side, room in (("right", margin.l), ("left", margin.r)):
        notes = sorted((note for note in names_of(figure) if note.xanchor == side), key=lambda note: note.y)
        heights = [17 * (note.text.count("<br>") + 1) for note in notes]
        for (lower, under), (upper, over) in itertools.pairwise(zip(notes, heights, strict=True)):
            assert lower.y + under / 2 < upper.y - over / 2
        assert notes[0].y - heights[0] / 2 > low
        assert max(len(line) for note in notes for line in note.text.split("<br>")) * 7.2 < room
        assert room < 240


@pytest.mark.parametrize("methods", [3, 5, 12])
def test_lines_do_not_cross(methods):
    found, figure = drawn(methods)
    lines = figure.data[: len(found.ranks)]
    for one, other in itertools.permutations(lines, 2):
        across = sorted(one.x[1:])
        crosses = across[0] < other.x[0] < across[1] and other.y[1] < one.y[1]
        assert not crosses


def test_bars_are_above_every_name():
    found, figure = drawn(12)
    bars = figure.data[len(found.ranks) : -1]
    assert len(bars) == len(found.groups) > 0
    assert min(bar.y[0] for bar in bars) > max(note.y for note in names_of(figure))


def test_two_methods_can_be_drawn_and_one_cannot():
    assert len(critical_difference_figure(RANKS.iloc[:2], 0.5, [], 8).data) == 3
    assert (
        "several methods" in critical_difference_figure(RANKS.iloc[:1], 0.5, [], 8).layout.annotations[0].text
    )
