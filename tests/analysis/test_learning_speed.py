from __future__ import annotations

import math

import pandas as pd

from workbench.analysis.history import learning_curves
from workbench.analysis.learning_speed import (
    convergence_table,
    scores_and_loss,
    validation_metrics,
    without_seconds,
)


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
