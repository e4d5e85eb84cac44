from __future__ import annotations

import json
from pathlib import Path

import psutil
import pytest

from workbench.errors import WorkbenchError
from workbench.runs.removing import remove_run


def test_removing_takes_runs_and_nothing_else(run_factory, workspace, tmp_path: Path):
    path = run_factory("one")
    other = workspace.runs / "notes"
    other.mkdir()
    link = workspace.runs / "link"
    link.symlink_to(path)
    for kept in (other, link, tmp_path / "missing"):
        with pytest.raises(WorkbenchError, match="is no run"):
            remove_run(kept)
    remove_run(path)
    assert sorted(entry.name for entry in workspace.runs.iterdir()) == ["link", "notes"]


def test_a_run_that_another_process_trains_stays(run_factory):
    path = run_factory(end="running")
    manifest = json.loads((path / "run.json").read_text())
    parent = psutil.Process().parent()
    manifest["process"] |= {"pid": parent.pid, "started": parent.create_time()}
    (path / "run.json").write_text(json.dumps(manifest))
    with pytest.raises(WorkbenchError, match=f"by process {parent.pid} right now.* kill -INT {parent.pid}"):
        remove_run(path)
    assert (path / "history.parquet").exists()
    manifest["process"]["started"] -= 1000
    (path / "run.json").write_text(json.dumps(manifest))
    remove_run(path)
    assert not path.exists()


def test_a_damaged_run_is_removed_too(run_factory):
    path = run_factory()
    (path / "run.json").write_text("{")
    remove_run(path)
    assert not path.exists()
