from __future__ import annotations

import pandas as pd

from workbench.figures.baselines import baseline_figure

METRICS = ("nDCG@5", "PSP@5")
ROWS = [
    ("demo", "floor", "nDCG@5", 0.7),
    ("demo", "lsan", "nDCG@5", 0.8),
    ("demo", "lsan", "PSP@5", 0.6),
    ("demo", "lsan", "P@1", 0.9),
    ("aapd", "floor", "nDCG@5", 0.5),
    ("aapd", "httn", "nDCG@5", 0.4),
]


def _table(rows):
    return pd.DataFrame(rows, columns=["corpus", "method", "metric", "value"])


def test_a_panel_a_corpus_a_row_a_method_and_a_line_at_each_floor():
    figure = baseline_figure(_table(ROWS), METRICS, "floor")
    drawn = {(trace.xaxis, trace.name): dict(zip(trace.y, trace.x, strict=True)) for trace in figure.data}
    assert drawn["x", "nDCG@5"] == {"floor": 0.7, "lsan": 0.8}
    assert drawn["x", "PSP@5"] == {"lsan": 0.6}
    assert drawn["x2", "nDCG@5"] == {"floor": 0.5, "httn": 0.4}
    assert [(line.xref, line.x0) for line in figure.layout.shapes] == [("x", 0.7), ("x2", 0.5)]
    assert [trace.name for trace in figure.data if trace.showlegend] == list(METRICS)
    assert "demo" in figure.layout.xaxis.title.text
    assert "aapd" in figure.layout.xaxis2.title.text


def test_the_best_of_the_first_corpus_is_on_top_and_others_follow():
    figure = baseline_figure(_table(ROWS), METRICS, "floor")
    assert list(figure.layout.yaxis.categoryarray) == ["httn", "floor", "lsan"]  # from below


def test_nothing_run_has_a_message():
    assert "No baseline" in baseline_figure(_table([]), METRICS, "floor").layout.annotations[0].text
