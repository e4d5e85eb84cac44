from __future__ import annotations

import json

import pytest

from workbench.errors import WorkbenchError
from workbench.queue.jobs import Queue
from workbench.queue.lock import held


@pytest.fixture
def queue(workspace) -> Queue:
    return Queue(workspace)


def test_an_empty_workspace_has_no_jobs(queue, workspace):
    assert (queue.jobs(), queue.waiting(), queue.is_attended()) == ([], [], False)
    assert not workspace.queue.exists()  # looking writes nothing


def test_a_job_is_taken_once_and_ends_once(queue):
    first, second = queue.add("a", ["base"]), queue.add("b", ["mix"])
    assert queue.waiting() == [first, second]
    assert queue.take() == first
    assert queue.waiting() == [second]
    assert [job.run for job in queue.running()] == ["a"]
    queue.end(first, 0)
    assert queue.running() == []
    assert [(job.run, job.state) for job in queue.jobs()] == [("a", "done"), ("b", "waiting")]
    assert queue.take() == second
    assert queue.take() is None


def test_a_job_that_is_written_in_two_places_is_where_it_went(queue, workspace):
    """The file in running/ is taken away after the one in ended/ has appeared."""
    job = queue.add("a", ["base"])
    queue.take()
    left = (workspace.queue / "running" / f"{job.id}.json").read_bytes()
    queue.end(job, 1)
    (workspace.queue / "running" / f"{job.id}.json").write_bytes(left)
    assert [job.state for job in queue.jobs()] == ["failed"]
    assert queue.running() == []


def test_a_taken_job_without_process_and_worker_was_interrupted(queue):
    queue.add("a", ["base"])
    queue.take()
    assert [job.state for job in queue.jobs()] == ["interrupted"]


@pytest.mark.parametrize("name", ["../up", "", "a/b", ".hidden", "x" * 121, "-rf"])
def test_a_name_that_leaves_the_folder_is_refused(queue, name):
    with pytest.raises(WorkbenchError, match="cannot name a run"):
        queue.add(name, [])


@pytest.mark.parametrize("act", ["stop", "forget", "log", "is_stopping", "end_by_force"])
def test_a_job_that_leaves_the_folder_is_refused(queue, act):
    with pytest.raises(WorkbenchError, match="cannot name a job"):
        getattr(queue, act)("../../runs/mine")


@pytest.mark.parametrize(
    "text",
    ["{", "[]", "{}", '{"arguments": 3}', '{"id": "x", "run": "../up", "arguments": [], "queued_at": ""}'],
)
def test_what_no_workbench_wrote_is_left_out(queue, workspace, text):
    queue.add("a", [])
    (workspace.queue / "waiting" / "0.json").write_text(text)
    assert [job.run for job in queue.jobs()] == ["a"]
    assert queue.take().run == "a"


def test_a_job_keeps_the_name_of_its_file(queue, workspace):
    job = queue.add("a", [])
    path = workspace.queue / "waiting" / f"{job.id}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "id": "../../other"}))
    assert [job.id for job in queue.jobs()] == [path.stem]


def test_an_ended_job_is_forgotten_with_its_log(queue):
    job = queue.add("a", [])
    queue.take()
    queue.log(job.id).parent.mkdir()
    queue.log(job.id).write_text("much")
    queue.end(job, 1)
    queue.forget(job.id)
    assert queue.jobs() == []
    assert not queue.log(job.id).exists()


def test_a_lock_is_had_by_one(tmp_path):
    with held(tmp_path / "lock") as first:
        with held(tmp_path / "lock") as second:
            assert (first, second) == (True, False)
        with held(tmp_path / "lock") as third:
            assert not third
    with held(tmp_path / "lock") as after:
        assert after
