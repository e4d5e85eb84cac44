from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.mixtures import mixture_figure

ALONE, LENDER = "the method alone", "lender of a term"
COLUMNS = ["corpus", "split_id", "encoder", "mixture", "parent", "role", "metric", "n", "over"]
ROWS = [
    ("demo", "demo/1", "cnn", "mix + t", "mix", ALONE, "P@1", 3, "seeds", 0.2, 0.1, 0.4, "better"),
    (
        "demo",
        "demo/1",
        "cnn",
        "mix + t",
        "mix",
        ALONE,
        "F1",
        3,
        "seeds",
        -0.2,
        -0.5,
        0.1,
        "no difference shown",
    ),
    (
        "demo",
        "demo/1",
        "cnn",
        "mix + t",
        "sep",
        LENDER,
        "P@1",
        1,
        "test documents",
        -0.3,
        -0.4,
        -0.1,
        "worse with this one seed",
    ),
    (
        "aapd",
        "aapd/1",
        "cnn",
        "mix + t",
        "mix",
        ALONE,
        "P@1",
        1,
        "test documents",
        0.1,
        -0.1,
        0.2,
        "no difference shown",
    ),
    (
        "aapd",
        "aapd/1",
        "cnn",
        "base + t",
        "base",
        ALONE,
        "F1",
        2,
        "seeds",
        np.nan,
        np.nan,
        np.nan,
        "no difference shown",
    ),
]
TABLE = pd.DataFrame(ROWS, columns=[*COLUMNS, "difference", "low", "high", "verdict"])


def test_each_parent_has_a_mark_a_metric_with_its_interval_and_full_ones_are_clear_of_zero():
    alone, lender, aapd = mixture_figure(TABLE, ["P@1", "F1"]).data
    assert list(alone.x) == [0.2, -0.2]
    assert [round(value) for value in alone.y] == [0, 1]  # P@1 on top
    assert list(alone.error_x.array) == pytest.approx([0.2, 0.3])
    assert list(alone.error_x.arrayminus) == pytest.approx([0.1, 0.3])
    assert list(alone.marker.symbol) == ["circle", "circle-open"]
    assert list(lender.marker.symbol) == ["diamond"]
    assert alone.y[0] < lender.y[0]  # the method stands above the lender, on an axis that grows downwards
    assert (alone.xaxis, lender.xaxis, aapd.xaxis) == ("x", "x", "x2")
    assert lender.error_x.thickness < alone.error_x.thickness  # documents of one seed, not seeds
    assert list(lender.customdata[0]) == [
        "P@1",
        "sep",
        -0.4,
        -0.1,
        1,
        "test documents",
        "worse with this one seed",
    ]


def test_a_role_stands_once_in_the_legend_and_axes_are_named():
    figure = mixture_figure(TABLE, ["P@1", "F1"])
    assert [trace.name for trace in figure.data if trace.showlegend] == [f"less {ALONE}", f"less {LENDER}"]
    layout = figure.layout
    assert [title.text for title in layout.annotations] == [
        "<b>mix + t</b><br>demo · cnn",
        "<b>mix + t</b><br>aapd · cnn",
    ]
    assert list(layout.yaxis.ticktext) == ["P@1", "F1"]
    assert (layout.xaxis.title.text, layout.yaxis.title.text) == ("mixture less parent", "metric")
    assert layout.xaxis2.matches == "x"
    assert layout.xaxis.zeroline
    assert list(layout.yaxis.range) == [1.5, -0.5]


def test_rows_of_panels_are_mixtures_and_splits_of_one_corpus_never_share_a_panel():
    more = TABLE.iloc[[0, 3]].assign(mixture="base + t", split_id="demo/2", corpus="demo")
    figure = mixture_figure(pd.concat([TABLE.iloc[:3], more]), ["P@1"])
    panels = {title.text for title in figure.layout.annotations}
    assert {
        f"<b>{mixture} + t</b><br>demo/{split} · cnn" for mixture in ("mix", "base") for split in (1, 2)
    } == panels
    assert figure.layout.xaxis3.matches == "x3"
    assert {axis.title.text for axis in figure.select_xaxes()} == {"mixture less parent"}  # of every row


def test_zero_is_in_the_middle_of_every_panel_and_has_no_sign():
    small = TABLE.iloc[[0]].assign(mixture="base + t", difference=0.002, low=0.001, high=0.0042)
    figure = mixture_figure(pd.concat([TABLE.iloc[:4], small]), ["P@1", "F1"])
    for axis in (figure.layout.xaxis, figure.layout.xaxis3):
        low, high = axis.range
        assert low == -high
        assert axis.ticktext[2] == "0"
    assert figure.layout.xaxis.range[1] > 0.5  # the farthest end of an interval
    assert figure.layout.xaxis.ticktext == ("−0.4", "−0.2", "0", "+0.2", "+0.4")
    assert figure.layout.xaxis3.ticktext == ("−0.004", "−0.002", "0", "+0.002", "+0.004")


@pytest.mark.parametrize(
    "reach", [0.0101, 0.0199, 0.021, 0.0399, 0.041, 0.0599, 0.0799, 0.0999, 0.1, 0.199, 1.0]
)
def test_ticks_span_most_of_the_axis(reach: float):
    rows = TABLE.iloc[[0]].assign(difference=0.0, low=-reach, high=reach / 2)
    axis = mixture_figure(rows, ["P@1"]).layout.xaxis
    assert 5 <= len(axis.tickvals) <= 7
    assert reach * 0.66 < max(axis.tickvals) <= reach * 1.001
    told = [float(text.replace("−", "-")) for text in axis.ticktext]
    assert told == pytest.approx(list(axis.tickvals))


@pytest.mark.parametrize("table", [TABLE.iloc[4:], TABLE.iloc[:0]])
def test_nothing_to_draw_says_so(table: pd.DataFrame):
    assert "No mixture" in mixture_figure(table, ["P@1", "F1"]).layout.annotations[0].text
    assert "No mixture" in mixture_figure(TABLE, ["nDCG@5"]).layout.annotations[0].text
