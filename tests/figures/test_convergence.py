from __future__ import annotations

import numpy as np
import pandas as pd

from workbench.figures.convergence import convergence_figure
from workbench.figures.palette import method_colour

TABLE = pd.DataFrame(
    [
        (run, method, seed, epoch, 10 * epoch, 2.0 * epoch, 0.1 * epoch)
        for run, method, seed in (("a", "laco", 0), ("b", "laco", 1), ("c", "laco-no-je-ca", 0))
        for epoch in (1, 2)
    ],
    columns=["run", "method", "seed", "epoch", "step", "wall_time_s", "value"],
)


def test_each_run_is_drawn_over_steps_and_over_seconds():
    figure = convergence_figure(TABLE, "micro_F1")
    steps, seconds = figure.data[0], figure.data[1]
    assert steps.x.tolist() == [10, 20]
    assert seconds.x.tolist() == [2.0, 4.0]
    assert isinstance(steps.y, np.ndarray)
    assert [trace.name for trace in figure.data if trace.showlegend] == [
        "laco, seed 0",
        "laco, seed 1",
        "laco-no-je-ca, seed 0",
    ]
    assert steps.line.color == figure.data[2].line.color == method_colour("laco")
    assert steps.line.dash != figure.data[2].line.dash
    assert "epoch %{customdata}" in steps.hovertemplate
    assert [axis.title.text for axis in figure.select_xaxes()] == ["training step", "wall time (s)"]
    assert figure.layout.yaxis.title.text == "micro_F1 on validation documents (0 to 1)"


def test_no_run_is_said():
    assert "No run" in convergence_figure(TABLE.iloc[:0], "micro_F1").layout.annotations[0].text
