from __future__ import annotations

import math

import pandas as pd
import pytest

from tests.training_sets import give_micro_f1
from workbench.analysis.convergence import (
    convergence,
    convergence_table,
    scores_and_loss,
    solved_at_once,
    validation_curve,
    validation_metrics,
    without_seconds,
)
from workbench.analysis.history import learning_curves
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


def history(scores: list[float], each_s: float | None = 2.0) -> pd.DataFrame:
    rows = []
    for epoch, score in enumerate(scores):
        at = {"stage": "s", "epoch": epoch, "step": 10 * (epoch + 1)}
        if each_s is not None:
            at["wall_time_s"] = each_s * (epoch + 1)
        rows.append({**at, "phase": "train", "loss": 1 / (epoch + 1)})
        rows.append({**at, "phase": "valid", "loss": 9.0, "micro_F1": score})
    return pd.DataFrame(rows)


def test_the_target_is_what_every_run_reaches_and_the_fastest_comes_first():
    curves = learning_curves({"slow": history([0.1, 0.3, 0.4]), "fast": history([0.2, 0.5, 0.45], 7.0)})
    table = convergence_table(curves, "micro_F1").set_index("run")
    assert list(table.index) == ["fast", "slow"]
    assert table["target"].tolist() == [0.4, 0.4]
    assert table.loc["fast", ["best", "best_step", "best_s"]].tolist() == [0.5, 20, 14]
    assert table.loc["fast", ["target_step", "target_s"]].tolist() == [20, 14]
    assert table.loc["slow", ["best", "target_step", "target_s"]].tolist() == [0.4, 30, 6]


def test_a_run_that_kept_no_seconds_has_steps_only():
    curves = learning_curves({"old": history([0.1, 0.3], None), "new": history([0.2, 0.25])})
    assert without_seconds(curves) == ["old"]
    old = convergence_table(curves, "micro_F1").set_index("run").loc["old"]
    assert old["target_step"] == 20
    assert math.isnan(old["target_s"])


def test_score_of_validation_and_loss_of_training_are_drawn():
    curves = learning_curves({"run": history([0.1, 0.3])})
    shown = scores_and_loss(curves, "micro_F1")
    assert set(zip(shown["term"], shown["phase"], strict=True)) == {("micro_F1", "valid"), ("loss", "train")}
    assert validation_metrics(curves) == ["micro_F1"]


def test_nothing_measured_gives_no_rows():
    curves = learning_curves({"run": pd.DataFrame()})
    assert validation_metrics(curves) == without_seconds(curves) == []
    assert convergence_table(curves, "micro_F1").empty


def test_what_has_one_step_alone_was_solved_at_once():
    steps = {"linear": [1], "short": [1, 2], "long": [10, 20]}
    rows = [(run, step) for run, taken in steps.items() for step in taken]
    assert solved_at_once(pd.DataFrame(rows, columns=["run", "step"])) == ["linear"]
