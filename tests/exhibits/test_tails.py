from __future__ import annotations

import pandas as pd

from workbench.exhibits.base import Result
from workbench.exhibits.registry import find_exhibit


def test_both_settings_of_a_tail_are_drawn_apart_and_named():
    exhibit = find_exhibit("lsfa/figure-5")
    rows = [(f"lsfa over {over}", at, 0.5) for over, at in [("N_t", 25), ("N_t", 50), ("N_a", 20)]]
    table = pd.DataFrame(rows, columns=["variant", "at", "value"])
    numbers = table.assign(encoder="cnn", metric="P@5", std=0.0, n=1)
    floor = numbers.iloc[:1].assign(variant="binary-relevance", encoder="tfidf", at=float("nan"))
    figure = exhibit.figure(Result({"numbers": pd.concat([numbers, floor])}))
    titles = {axis.title.text: axis.ticktext for axis in figure.select_xaxes()}
    assert titles == {"N_t (documents)": ("25", "50"), "N_a (features)": ("20",)}  # 20 and 25 share no axis
    assert [trace.name for trace in figure.data if trace.showlegend] == ["lsfa", "binary-relevance"]
    assert [trace.name for trace in figure.data].count("binary-relevance") == 2  # level in both
