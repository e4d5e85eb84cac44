from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.analysis.claims import HELD, NOT_HELD, UNDECIDED
from workbench.figures.intervals import intervals_figure
from workbench.figures.palette import method_colour

TABLE = pd.DataFrame(
    [
        ("aapd · cnn", "proto beats base", "proto", 0.4, 0.1, 0.7, 3, HELD),
        ("aapd · cnn", "mix beats base", "mix", -0.4, -0.7, -0.1, 3, NOT_HELD),
        ("cooking · cnn", "proto beats base", "proto", 0.2, np.nan, np.nan, 1, UNDECIDED),
        ("cooking · cnn", "mix beats base", "mix", np.nan, np.nan, np.nan, 0, UNDECIDED),
    ],
    columns=["panel", "claim", "method", "mean", "low", "high", "n", "verdict"],
)


def test_each_claim_is_a_mark_with_its_interval_in_the_panel_of_its_group():
    figure = intervals_figure(TABLE, "nDCG@5, points")
    proto, mix, single = figure.data
    assert (list(proto.x), list(proto.y), proto.xaxis) == ([0.4], ["proto beats base"], "x")
    assert list(proto.error_x.array) == [pytest.approx(0.3)]
    assert list(mix.error_x.arrayminus) == [pytest.approx(0.3)]
    assert proto.marker.color == method_colour("proto")
    assert "aapd · cnn: held<br>+0.4 (95 %: +0.1 to +0.7, 3 seeds)" in proto.hovertemplate
    assert (list(single.x), single.xaxis, single.error_x.array) == ([0.2], "x2", None)
    assert "+0.2 (1 seed)" in single.hovertemplate


def test_the_mark_tells_the_verdict():
    symbols = [trace.marker.symbol for trace in intervals_figure(TABLE, "points").data]
    assert symbols == ["square", "x", "square-open"]


def test_the_first_claim_is_on_top_axes_are_named_and_zero_is_a_line():
    layout = intervals_figure(TABLE, "nDCG@5, points").layout
    assert list(layout.yaxis.categoryarray) == ["mix beats base", "proto beats base"]  # counted from below
    assert (layout.xaxis.title.text, layout.xaxis2.title.text) == ("nDCG@5, points", "nDCG@5, points")
    assert layout.yaxis.title.text == "claim"
    assert [title.text for title in layout.annotations] == ["aapd · cnn", "cooking · cnn"]
    assert [(line.x0, line.x1) for line in layout.shapes] == [(0, 0), (0, 0)]


@pytest.mark.parametrize("table", [TABLE.iloc[3:], TABLE.iloc[:0]])
def test_nothing_to_draw_says_so(table: pd.DataFrame):
    assert "two runs of one seed" in intervals_figure(table, "points").layout.annotations[0].text
