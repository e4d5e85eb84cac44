from __future__ import annotations

import math

import numpy as np
import pandas as pd

from workbench.figures.agreement import agreement_figure, agreement_width

RUNS = ["one", "two", "a-run-with-a-rather-long-name"]
TABLE = pd.DataFrame(
    [
        ("one", "two", 1000, 900, 40, 30, 30, 0.5, 0.6),
        ("one", RUNS[2], 1000, 1000, 0, 0, 0, math.nan, math.nan),
        ("two", RUNS[2], 1000, 930, 0, 70, 0, -0.1, -0.1),
    ],
    columns=["run_a", "run_b", "items", "both_right", "only_a", "only_b", "neither", "kappa", "correlation"],
)


def test_cells_have_kappa_both_ways_and_none_of_a_run_with_itself():
    cells, marks = agreement_figure(TABLE, RUNS, "label sets").data
    assert cells.z[0, 1] == cells.z[1, 0] == 0.5
    assert np.isnan(np.diag(cells.z)).all()
    assert (cells.zmin, cells.zmax) == (np.float32(-0.1), 1)
    shown = dict(zip(map(tuple, marks.customdata.tolist()), marks.text, strict=True))
    assert (shown[0, 1], shown[0, 2], shown[2, 1]) == ("0.50", "–", "-0.10")
    assert (0, 0) not in shown
    np.testing.assert_array_equal(np.column_stack([marks.y, marks.x]), marks.customdata)


def test_under_the_pointer_a_is_the_row_and_b_the_column():
    _, marks = agreement_figure(TABLE, RUNS, "label sets").data
    told = dict(zip(map(tuple, marks.customdata.tolist()), marks.hovertext, strict=True))
    assert told[0, 1].startswith("A: one<br>B: two<br>of 1,000 label sets both are right about 900")
    assert "A alone about 40, B alone about 30, neither about 30" in told[0, 1]
    assert "A alone about 30, B alone about 40" in told[1, 0]


def test_axes_are_named_and_long_names_wrapped():
    layout = agreement_figure(TABLE, RUNS, "label sets").layout
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("run B", "run A")
    assert "<br>" in layout.xaxis.ticktext[2]
    assert agreement_width(3) > agreement_width(2)


def test_one_run_agrees_with_nobody():
    assert "two runs" in agreement_figure(TABLE.iloc[:0], ["one"], "label sets").layout.annotations[0].text
