from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.figures.combinations import combination_figure

TABLE = pd.DataFrame(
    {
        "name": ["gold", "run"],
        "combinations": [5, 3],
        "seen": [2.0, 3.0],
        "unseen": [3.0, 0.0],
        "documents_empty": [0, 4],
    }
)


def test_seen_and_unseen_stand_in_one_bar_the_gold_on_top():
    figure = combination_figure(TABLE, {"run": "laco"})
    bars = {trace.name: trace for trace in figure.data if trace.y[0] is not None}
    assert set(bars) == {"seen in training", "never seen in training"}
    assert list(bars["seen in training"].y) == ["run", "gold"]
    np.testing.assert_array_equal(bars["never seen in training"].x, [0, 3])
    assert bars["never seen in training"].marker.pattern.shape == "/"
    np.testing.assert_array_equal(bars["seen in training"].customdata, [[3, 4], [5, 0]])
    assert figure.layout.barmode == "stack"
    assert "combinations" in figure.layout.xaxis.title.text


def test_where_training_is_not_known_bars_are_in_one_piece():
    figure = combination_figure(TABLE.assign(seen=np.nan, unseen=np.nan), {"run": "laco"})
    (bars,) = figure.data
    assert bars.name == "all combinations"
    np.testing.assert_array_equal(bars.x, [3, 5])


def test_nothing_to_draw_has_a_message():
    assert "No label sets" in combination_figure(TABLE[:0], {}).layout.annotations[0].text
