from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.figures.long_tail import long_tail_figure
from workbench.figures.palette import GROUP_COLOURS

TABLE = pd.DataFrame(
    [
        (1, "L1", "import", 3000, 3000.0, "head"),
        (2, "L2", "export", 50, 50.0, "mid"),
        (3, "L3", "bread", 1, 1.0, "tail"),
        (4, "L4", "geology", 0, 0.5, "unseen"),
        (5, "L5", "child care", 0, 0.5, "unseen"),
    ],
    columns=["rank", "label", "text", "documents", "height", "group"],
)
SUMMARY = pd.DataFrame(
    [("head", 1, 0.98), ("mid", 1, 0.0163), ("tail", 1, 0.0003), ("unseen", 2, 0.0)],
    columns=["group", "labels", "share"],
)


def test_each_group_has_its_colour_and_says_how_much_it_holds():
    figure = long_tail_figure(TABLE, SUMMARY)
    assert [trace.name for trace in figure.data] == [
        "head: 1 label, 98% of assignments",
        "mid: 1 label, 2% of assignments",
        "tail: 1 label, 0% of assignments",
        "never in train: 2 labels",
    ]
    assert [trace.marker.color for trace in figure.data] == list(GROUP_COLOURS.values())
    assert len({trace.marker.symbol for trace in figure.data}) == 4


def test_labels_without_documents_stand_on_a_line_of_their_own():
    figure = long_tail_figure(TABLE, SUMMARY)
    unseen = figure.data[-1]
    assert list(unseen.x) == [4, 5]
    assert list(unseen.y) == [0.5, 0.5]
    assert list(unseen.customdata) == [0, 0]
    axis = figure.layout.yaxis
    assert axis.type == "log"
    assert list(axis.tickvals) == [0.5, 1, 10, 100, 1000]
    assert list(axis.ticktext) == ["none", "1", "10", "100", "1,000"]
    assert 10 ** axis.range[0] < 0.5
    assert 10 ** axis.range[1] > 3000


def test_hovering_names_label_documents_rank_and_group():
    (head, *_) = long_tail_figure(TABLE, SUMMARY, "test").data
    assert list(head.text) == ["import"]
    for part in ("%{text}", "test documents: %{customdata:,}", "rank", "head"):
        assert part in head.hovertemplate


def test_axes_are_named_with_their_split():
    layout = long_tail_figure(TABLE, SUMMARY, "valid").layout
    assert layout.xaxis.title.text == "rank by training documents"
    assert layout.yaxis.title.text == "valid documents with the label (log scale)"


def test_a_split_without_documents_is_drawn_without_shares():
    table, summary = TABLE.assign(documents=0, height=0.5), SUMMARY.assign(share=np.nan)
    figure = long_tail_figure(table, summary)
    assert figure.data[0].name == "head: 1 label"
    assert list(figure.layout.yaxis.ticktext) == ["none", "1"]


@pytest.mark.parametrize("size", [300, 301])
def test_many_labels_have_small_marks(size: int):
    table = pd.DataFrame({"rank": np.arange(size), "label": "x", "text": "x", "documents": 1, "height": 1.0})
    figure = long_tail_figure(
        table.assign(group="tail"), pd.DataFrame([("tail", size, 1.0)], columns=SUMMARY.columns)
    )
    assert figure.data[0].marker.size == (7 if size == 300 else 4)
    assert isinstance(figure.data[0].y, np.ndarray)


def test_no_labels_say_so():
    figure = long_tail_figure(TABLE.iloc[:0], SUMMARY.iloc[:0])
    assert not figure.data
    assert "No labels" in figure.layout.annotations[0].text
