from __future__ import annotations

from pathlib import Path

import pytest

from tests.other_processes import trained_by_parent
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
    number = trained_by_parent(path)
    with pytest.raises(WorkbenchError, match=f"by process {number} right now.* kill -INT {number}"):
        remove_run(path)
    assert (path / "history.parquet").exists()
    trained_by_parent(path, started=0)  # numbers of processes are used again
    remove_run(path)
    assert not path.exists()


def test_a_damaged_run_is_removed_too(run_factory):
    path = run_factory()
    (path / "run.json").write_text("{")
    remove_run(path)
    assert not path.exists()
