from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from workbench.analysis.history import COLUMNS, learning_curves
from workbench.runs.store import Run


def test_each_measured_value_is_one_row_and_missing_ones_are_none():
    history = pd.DataFrame(
        {
            "stage": ["train"] * 2,
            "epoch": [0, 0],
            "step": [5, 5],
            "phase": ["train", "valid"],
            "wall_time_s": [1.0, 1.5],
            "learning_rate": [0.1, np.nan],
            "loss": [2.0, 3.0],
            "loss/prototype": [0.5, np.nan],
            "nDCG@5": [np.nan, 0.7],
        }
    )
    table = learning_curves({"one": history})
    assert table.columns.tolist() == COLUMNS
    rows = table[["kind", "term", "phase", "value"]].values.tolist()
    assert sorted(rows) == [
        ["learning rate", "learning_rate", "train", 0.1],
        ["loss", "loss", "train", 2.0],
        ["loss", "loss", "valid", 3.0],
        ["loss", "loss/prototype", "train", 0.5],
        ["metric", "nDCG@5", "valid", 0.7],
    ]
    assert table["value"].dtype == np.float64


@pytest.mark.parametrize(
    ("steps", "expected"),
    [([1, 2, 1, 2], [1, 2, 3, 4]), ([1, 2, 3, 4], [1, 2, 3, 4]), ([10, 20, 5, 6], [10, 20, 25, 26])],
)
def test_steps_go_on_over_stages(steps: list[int], expected: list[int]):
    history = pd.DataFrame(
        {
            "stage": ["a", "a", "b", "b"],
            "epoch": 0,
            "step": steps,
            "phase": "train",
            "wall_time_s": 0.0,
            "loss": 1.0,
        }
    )
    assert learning_curves({"one": history})["step"].tolist() == expected


def test_several_runs_stay_apart(run_factory):
    histories = {name: Run.load(run_factory(name)).history for name in ("a", "b")}
    table = learning_curves(histories)
    assert table["run"].unique().tolist() == ["a", "b"]
    prototype = table[(table["run"] == "a") & (table["term"] == "loss/prototype")]
    expected = histories["a"]["loss/prototype"].dropna()
    np.testing.assert_allclose(prototype["value"], expected)


def test_nothing_measured_is_an_empty_table():
    assert learning_curves({}).columns.tolist() == COLUMNS
    assert learning_curves({"new": pd.DataFrame()}).empty


def test_a_history_without_wall_time_or_phase_still_has_curves():
    history = pd.DataFrame({"stage": ["train"], "step": [1], "loss": [1.0]})
    assert learning_curves({"old": history})[["term", "value"]].values.tolist() == [["loss", 1.0]]
