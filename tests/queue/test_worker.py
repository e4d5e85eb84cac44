from __future__ import annotations

import json
import os
import signal
import sys

import psutil

from tests.queue.conftest import kill_9
from workbench.queue.jobs import Queue
from workbench.queue.worker import _train, start
from workbench.runs.process import is_gone, process_of


def test_jobs_are_done_one_at_a_time_the_oldest_first(bench, ended):
    for name in ("a", "b", "c"):
        bench.add(name, "do")
    assert [job.state for job in bench.queue.jobs()] == ["waiting"] * 3
    assert ended(bench.work()) == 0
    assert bench.trace == [f"{what} {name}" for name in "abc" for what in ("begin", "end")]
    assert bench.states == {"a": "done", "b": "done", "c": "done"}
    assert not bench.queue.is_attended()


def test_a_job_tells_when_it_began_and_by_which_process(bench, ended):
    bench.add("a")
    worker = bench.work()
    pid = bench.begun("a")
    (job,) = bench.queue.jobs()
    while job.process is None:  # written just after its process began
        (job,) = bench.queue.jobs()
    assert (job.state, job.process["pid"]) == ("running", pid)
    assert job.queued_at <= job.began_at
    assert os.getsid(pid) == pid
    assert bench.queue.is_attended()
    bench.let_go("a")
    assert ended(worker) == 0
    (job,) = bench.queue.jobs()
    assert job.began_at <= job.ended_at


def test_of_several_workers_that_start_at_once_one_works(bench, ended):
    bench.add("a")
    bench.add("b", "do")
    workers = [bench.work() for _ in range(4)]
    bench.begun("a")
    others = [worker for worker in workers if worker.pid != _attending(bench.queue)]
    assert [ended(worker) for worker in others] == [0, 0, 0]
    assert bench.trace == ["begin a"]
    assert bench.states == {"a": "running", "b": "waiting"}
    bench.let_go("a")
    (first,) = (worker for worker in workers if worker not in others)
    assert ended(first) == 0
    assert bench.trace == ["begin a", "end a", "begin b", "end b"]


def _attending(queue: Queue) -> int:
    return int(json.loads(queue.worker.read_text())["pid"])


def test_what_is_queued_while_the_worker_leaves_is_not_left_waiting(bench, ended):
    bench.add("a", "do")
    late = (
        "from workbench.queue.jobs import Queue\n"
        "leave = Queue.leave\n"
        "def late(queue):\n"
        "    leave(queue)\n"
        "    if len(queue.jobs()) == 1: queue.add('b', ['do', 'b'])\n"
        "Queue.leave = late\n"
    )
    assert ended(bench.work(late)) == 0
    assert bench.states == {"a": "done", "b": "done"}


def test_a_waiting_job_is_taken_off(bench, ended):
    first = bench.add("a")
    second = bench.add("b", "do")
    worker = bench.work()
    bench.begun("a")
    bench.queue.stop(second.id)
    bench.let_go("a")
    assert ended(worker) == 0
    assert bench.states == {"a": "done"}
    assert bench.trace == ["begin a", "end a"]
    bench.queue.stop(first.id)  # too late: nothing happens
    assert bench.states == {"a": "done"}
    assert not bench.queue.is_stopping(first.id)


def test_a_running_job_is_stopped_as_by_ctrl_c_and_the_next_one_begins(bench, ended):
    job = bench.add("a")
    bench.add("b", "do")
    worker = bench.work()
    bench.begun("a")
    bench.queue.stop(job.id)
    assert ended(worker) == 0
    assert bench.trace == ["begin a", "stopped a", "begin b", "end b"]
    assert bench.states == {"a": "stopped", "b": "done"}
    assert not bench.queue.is_stopping(job.id)


def test_a_job_hears_ctrl_c_also_where_the_server_was_told_to_ignore_it(bench, ended):
    """A shell that starts the dashboard in the background tells it so."""
    job = bench.add("a")
    worker = bench.work("import signal; signal.signal(signal.SIGINT, signal.SIG_IGN)\n")
    bench.begun("a")
    bench.queue.stop(job.id)
    assert ended(worker) == 0
    assert bench.trace == ["begin a", "stopped a"]


def test_a_job_that_is_stopped_before_its_process_is_known_is_stopped_then(bench):
    job = bench.add("a")
    assert bench.queue.take() == job
    bench.queue.stop(job.id)
    assert bench.queue.is_stopping(job.id)
    _train(bench.queue, job, [sys.executable, *bench.program])
    assert bench.states == {"a": "stopped"}


def test_a_job_that_does_not_listen_is_ended_by_force(bench, ended):
    job = bench.add("a")
    worker = bench.work()
    os.kill(bench.begun("a"), signal.SIGSTOP)  # it hears nothing
    bench.queue.stop(job.id)
    assert bench.queue.is_stopping(job.id)
    bench.queue.end_by_force(job.id)
    assert ended(worker) == 0
    assert bench.states == {"a": "stopped"}


def test_a_failed_job_tells_its_error_and_the_next_one_begins(bench, ended):
    bench.add("a", "fail")
    bench.add("b", "do")
    assert ended(bench.work()) == 0
    assert bench.states == {"a": "failed", "b": "done"}
    assert bench.message("a") == "no such corpus\nTry another."


def test_a_program_that_cannot_be_started_fails_its_job(bench, ended):
    bench.add("a", "do")
    worker = bench.work("import sys; sys.executable = '/no/such/program'\n")
    assert ended(worker) == 0
    assert bench.states == {"a": "failed"}
    assert "/no/such/program" in bench.message("a")


def test_a_job_that_was_killed_is_interrupted_and_the_next_one_begins(bench, ended):
    bench.add("a")
    bench.add("b", "do")
    worker = bench.work()
    kill_9(bench.begun("a"))
    assert ended(worker) == 0
    assert bench.states == {"a": "interrupted", "b": "done"}
    assert "SIGKILL" in bench.message("a")


def test_a_training_outlives_its_worker_and_the_next_worker_waits_for_it(bench, ended, run_factory):
    bench.add("a")
    bench.add("b", "do")
    first = bench.work()
    pid = bench.begun("a")
    _known(bench.queue)
    kill_9(first.pid)
    first.wait()
    assert not bench.queue.is_attended()
    assert bench.states == {"a": "running", "b": "waiting"}
    second = bench.work()
    while not bench.queue.is_attended():
        assert second.poll() is None
    assert bench.trace == ["begin a"]
    process = psutil.Process(pid)
    run_factory("a")  # what a training would have written
    bench.let_go("a")
    assert ended(second) == 0
    assert not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    assert bench.trace == ["begin a", "end a", "begin b", "end b"]
    assert bench.states == {"a": "done", "b": "done"}


def test_where_worker_and_job_are_gone_the_job_is_interrupted_and_others_wait(bench, ended):
    bench.add("a")
    bench.add("b", "do")
    worker = bench.work()
    pid = bench.begun("a")
    process = _known(bench.queue)
    kill_9(worker.pid)
    kill_9(pid)
    worker.wait()
    while not is_gone(process):
        pass
    assert bench.states == {"a": "interrupted", "b": "waiting"}
    assert ended(bench.work()) == 0
    assert bench.states == {"a": "interrupted", "b": "done"}
    assert [job.run for job in bench.queue.running()] == []


def _known(queue: Queue) -> dict:
    """Wait until the queue says which process the first job is; that."""
    while (job := queue.jobs()[0]).process is None:
        assert queue.is_attended()
    return job.process


def test_a_worker_that_is_started_belongs_to_nobody(bench):
    job = bench.queue.add("mine", [])
    start(bench.workspace)
    while not bench.queue.is_attended():
        assert bench.states["mine"] in ("waiting", "running")
    worker = psutil.Process(_attending(bench.queue))
    assert psutil.Process() not in worker.parents()
    assert os.getsid(worker.pid) != os.getsid(0)
    worker.wait(timeout=120)
    (ended_job,) = bench.queue.jobs()
    assert (ended_job.state, ended_job.id) == ("failed", job.id)
    assert ended_job.message.startswith("Say which method to train")  # as the command line does


def test_a_process_is_told_from_another_of_the_same_number():
    mine = process_of(os.getpid())
    assert not is_gone(mine)
    assert is_gone({**mine, "started": mine["started"] - 60})
