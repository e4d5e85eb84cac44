from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from tests.other_processes import trained_by_parent
from workbench.errors import WorkbenchError
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter


def test_done_is_written_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    written: list[str] = []
    writer = RunWriter.create(tmp_path, "one", {})
    replace = Path.replace
    monkeypatch.setattr(Path, "replace", lambda self, to: (written.append(to.name), replace(self, to))[1])
    writer.write_metrics({})
    writer.finish()
    assert written == ["metrics.json", "run.json", "DONE"]


def test_resuming_goes_on_with_a_stopped_run_and_refuses_a_finished_one(run_factory):
    writer = RunWriter.reopen(run_factory("early", end="stopped"))
    run = Run.load(writer.path)
    assert (run.status, run.reason, run.manifest["method"]) == ("running", None, "protomix")
    with pytest.raises(WorkbenchError, match="finished"):
        RunWriter.reopen(run_factory("late"))


def test_resuming_keeps_away_from_a_run_that_another_process_trains(run_factory):
    path = run_factory(end="running")
    number = trained_by_parent(path)
    assert Run.load(path).status == "running"
    with pytest.raises(WorkbenchError, match=f"by process {number} right now"):
        RunWriter.reopen(path)
    trained_by_parent(path, host="elsewhere")
    assert RunWriter.reopen(path).path == path


def test_update_merges_dictionaries_key_by_key(tmp_path: Path):
    writer = RunWriter.create(tmp_path, "one", {"durations_s": {"train": 1.0}})
    writer.update(durations_s={"evaluate": 2.0}, seed=4)
    manifest = Run.load(writer.path).manifest
    assert manifest["durations_s"] == {"train": 1.0, "evaluate": 2.0}
    assert manifest["seed"] == 4


def test_a_name_is_taken_once(run_factory):
    path = run_factory("one")
    with pytest.raises(WorkbenchError, match="workbench runs rm one"):
        RunWriter.create(path.parent, "one", {})
    assert Run.load(path).status == "done"
    assert [entry.name for entry in path.parent.iterdir()] == ["one"]


def test_a_stopped_run_of_that_name_is_to_be_resumed_first(run_factory):
    path = run_factory("one", end="stopped")
    with pytest.raises(
        WorkbenchError, match=r"go on with: workbench train --resume one\nOr choose .* rm one$"
    ):
        RunWriter.create(path.parent, "one", {})
    killed = run_factory("two", end="running")
    manifest = json.loads((killed / "run.json").read_text())
    manifest["process"]["started"] -= 1000
    (killed / "run.json").write_text(json.dumps(manifest))
    with pytest.raises(WorkbenchError, match="workbench train --resume two"):
        RunWriter.create(path.parent, "two", {})


def test_a_run_in_training_is_not_said_to_be_removable(run_factory):
    path = run_factory("one", end="running")
    with pytest.raises(WorkbenchError, match=r"already: it is running; choose another name\.$"):
        RunWriter.create(path.parent, "one", {})


@pytest.mark.parametrize(("end", "said"), [("failed", "it is failed; "), ("", "")])
def test_other_runs_of_that_name_are_not(run_factory, tmp_path, end, said):
    path = run_factory("one", end=end) if end else tmp_path / "one"
    path.mkdir(exist_ok=True)
    with pytest.raises(WorkbenchError, match=rf"already: {said}choose another name, or remove"):
        RunWriter.create(path.parent, "one", {})


def test_shapes_that_do_not_fit_are_refused(tmp_path: Path):
    writer = RunWriter.create(tmp_path, "one", {})
    with pytest.raises(WorkbenchError, match="1 ids"):
        writer.write_predictions(["x"], np.zeros((2, 3)), sparse.csr_array((2, 3)))
    with pytest.raises(WorkbenchError, match="2 labels, 1 label texts"):
        writer.write_labels(["a", "b"], ["A"], [1, 2])
