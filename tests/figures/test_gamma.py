from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.figures.gamma import gamma_figure

METRICS = ("micro_precision", "micro_F1")


def table(settings: int = 2) -> pd.DataFrame:
    rows = [
        (f"alpha {setting}", gamma, metric, 0.5 + 0.1 * gamma + 0.01 * setting, 0.02, 3)
        for setting in range(settings)
        for gamma in (1.0, 0.0, 0.5)
        for metric in METRICS
    ]
    return pd.DataFrame(rows, columns=["setting", "gamma", "metric", "value", "std", "n"])


def test_a_panel_a_metric_and_a_line_a_setting_by_rising_gamma():
    figure = gamma_figure(table(), METRICS)
    assert [(trace.name, trace.showlegend) for trace in figure.data] == [
        ("alpha 0", True),
        ("alpha 0", False),
        ("alpha 1", True),
        ("alpha 1", False),
    ]
    assert figure.data[2].x.tolist() == [0.0, 0.5, 1.0]
    assert np.allclose(figure.data[2].y, [0.51, 0.56, 0.61])
    assert [axis.title.text for axis in figure.select_yaxes()] == [f"{name} (0 to 1)" for name in METRICS]
    assert {axis.title.text for axis in figure.select_xaxes()} == {"gamma, the fine head's share"}
    assert "micro_F1" in figure.data[3].hovertemplate and "alpha 1" in figure.data[3].hovertemplate


def test_lines_never_look_alike():
    figure = gamma_figure(table(settings=8), METRICS)
    looks = {(trace.line.color, trace.line.dash, trace.marker.symbol) for trace in figure.data}
    assert len(looks) == 8


def test_without_scores_of_heads_it_says_so():
    figure = gamma_figure(table().iloc[:0], METRICS)
    assert len(figure.data) == 0
    assert "head by head" in figure.layout.annotations[0].text
