from __future__ import annotations

import json

import pytest

from tests.landscapes import give_landscape
from workbench.analysis.measurements import measurement_table
from workbench.exhibits.claim_runs import group_records, missing_landscapes, missing_runs, run_records
from workbench.exhibits.protomix_claims import CLAIMS
from workbench.runs.store import Run


@pytest.fixture
def runs(run_factory) -> list[Run]:
    """base with seeds 0 and 1, proto with seed 0; the first has a landscape."""
    made = []
    for method, seed in (("base", 0), ("base", 1), ("proto", 0)):
        config = {
            "method": {"variant": method, "prototype": "attentive"},
            "training": {"epochs": 3},
            "encoder": {"vectors": "/somewhere/vectors.txt"},
        }
        made.append(
            run_factory(f"{method}-{seed}", method=method, seed=seed, config=config, git_commit="abc")
        )
    give_landscape(made[0])
    return [Run.load(path) for path in made]


def test_what_is_missing_is_said_with_its_seeds(runs):
    lines = missing_runs(measurement_table(runs, 0.5), CLAIMS)
    assert "no run yet: demo, cnn, method proto, percent 100, prototype attentive, seed 1" in lines
    assert "no run yet: demo, cnn, method mix, percent 100, seeds 0, 1" in lines
    assert "no run yet: demo, cnn, method protomix, percent 100, prototype average, seeds 0, 1" in lines
    assert len(lines) == 18 - 1  # of base on all documents nothing is missing


def test_runs_without_a_landscape_are_named_in_the_command(runs):
    assert missing_landscapes(measurement_table(runs, 0.5)) == [
        "no landscape yet: workbench probe landscape base-1 proto-0"
    ]
    for run in runs[1:]:
        give_landscape(run.path)
    assert missing_landscapes(measurement_table(runs, 0.5)) == []


def test_a_run_is_kept_as_numbers_with_cost_and_commit(runs):
    records = run_records(runs, measurement_table(runs, 0.5), CLAIMS)
    first = json.loads(json.dumps(records[0], allow_nan=False))
    told = [first[key] for key in ("run", "method", "percent", "n_train")]
    assert told == ["base-0", "base", 100, 240]
    assert first["measured"]["nDCG@5"] == runs[0].metrics["test"]["overall"]["nDCG@5"]
    assert first["measured"]["largest eigenvalue of the Hessian"] == 4.0
    assert "largest eigenvalue of the Hessian" not in records[1]["measured"]
    assert (first["train_s"], first["git_commit"]) == (41.5, "abc")


def test_what_runs_share_is_kept_once_without_folders(runs):
    (group,) = group_records(runs)
    assert (group["corpus"], group["encoder"], group["runs"], group["seeds"]) == ("demo", "cnn", 3, [0, 1])
    assert group["settings"] == {
        "method.prototype": "attentive",
        "training.epochs": 3,
        "encoder.vectors": "vectors.txt",
    }
    assert group["landscapes"]["documents"] == 20
    assert group["git_commits"] == ["abc"]
