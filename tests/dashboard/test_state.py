"""What pages keep of runs is what the runs have, and is read again as soon as a file changes."""

from __future__ import annotations

import json
import os

import pytest

from dashboard import state
from workbench.runs.reading import read_json
from workbench.runs.store import Run

LABELS = [{"label": "L0", "F1": 0.5}, {"label": "L1", "F1": None}]


@pytest.fixture
def folder(run_factory, monkeypatch: pytest.MonkeyPatch):
    made = run_factory("one-0")
    monkeypatch.setenv(state.RUNS_VARIABLE, str(made.parent))
    path = made / "metrics.json"
    found = json.loads(path.read_text())
    found["test"]["labels"], found["threshold"] = LABELS, [0.25, 0.5]
    path.write_text(json.dumps(found))
    return made


def seen() -> Run:
    (run,), broken = state.all_runs()
    assert not broken
    return run


def test_kept_metrics_are_those_of_the_run(folder):
    whole, kept = Run.load(folder).metrics, seen().metrics
    assert kept["threshold"] == [0.25, 0.5]
    assert dict(kept["test"]) == whole["test"]
    assert kept["test"].get("labels", []) == LABELS
    assert kept["test"]["overall"] == whole["test"]["overall"]
    assert dict(kept["valid"]) == whole["valid"]


def test_a_run_without_metrics_of_labels_has_none(run_factory, monkeypatch: pytest.MonkeyPatch):
    made = run_factory("two-0")
    path = made / "metrics.json"
    found = json.loads(path.read_text())
    found["test"].pop("labels", None)
    path.write_text(json.dumps(found))
    monkeypatch.setenv(state.RUNS_VARIABLE, str(made.parent))
    assert seen().metrics["test"].get("labels", "none") == "none"
    assert "labels" not in dict(seen().metrics["test"])


def test_labels_are_read_when_they_are_asked_for(folder, monkeypatch: pytest.MonkeyPatch):
    kept = seen().metrics["test"]
    read = []
    monkeypatch.setattr("workbench.runs.store.read_json", lambda path: read.append(path) or read_json(path))
    assert kept["overall"]
    assert read == []
    assert kept["labels"] == kept["labels"] == LABELS
    assert [path.name for path in read] == ["metrics.json"]


def test_a_changed_run_is_read_again(folder):
    before = seen().metrics["test"]["overall"]
    path = folder / "metrics.json"
    found = json.loads(path.read_text())
    found["test"]["overall"] = {"P@1": 0.125}
    path.write_text(json.dumps(found))
    later = path.stat().st_mtime_ns + 1_000_000
    os.utime(path, ns=(later, later))
    assert before != {"P@1": 0.125}
    assert seen().metrics["test"]["overall"] == {"P@1": 0.125}
