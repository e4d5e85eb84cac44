from __future__ import annotations

import pandas as pd
import pytest

from tests.training_sets import give_micro_f1
from workbench.analysis.convergence import convergence, validation_curve
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


def curve(*values: float) -> pd.DataFrame:
    epochs = range(1, len(values) + 1)
    rows = [(epoch, 10 * epoch, 3.0 * epoch, value) for epoch, value in zip(epochs, values, strict=True)]
    return pd.DataFrame(rows, columns=["epoch", "step", "wall_time_s", "value"])


def test_a_run_is_near_its_best_with_nine_tenths_of_it():
    found = convergence(curve(0.2, 0.44, 0.46, 0.5, 0.3))
    assert (found.best, found.epoch, found.step, found.wall_time_s) == (0.5, 3, 30, 9.0)
    assert found.mean == pytest.approx(0.38)


@pytest.mark.parametrize("values", [(0.4,), (0.0, 0.0)], ids=["one epoch", "never right"])
def test_corners_are_near_their_best_at_once(values):
    assert convergence(curve(*values)).epoch == 1


def test_a_curve_is_read_from_validation_alone(run_factory):
    path = run_factory(epochs=3)
    with pytest.raises(WorkbenchError, match="no micro_F1"):
        validation_curve(Run.load(path))
    give_micro_f1(path)
    run = Run.load(path)
    found = validation_curve(run)
    assert found["epoch"].tolist() == [1, 2, 3]
    assert found["value"].tolist() == run.history.query("phase == 'valid'")["micro_F1"].tolist()
