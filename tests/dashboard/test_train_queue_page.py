"""Trainings that the page Train lists; where nothing else is said, no worker starts, nothing is trained."""

from __future__ import annotations

import contextlib
import json
from functools import partial

import psutil
import pytest

from dashboard import jobs
from tests.dashboard import page
from tests.dashboard.page import pictures, said
from workbench.data.library import save_corpus
from workbench.forms.known import place_of_description
from workbench.queue.jobs import Queue
from workbench.runs.process import this_process
from workbench.runs.writer import RunWriter

opened = partial(page.opened, "train")


def button(test, label: str):
    return next(one for one in test.button if one.label == label)


def test_starting_queues_one_training_a_seed_and_starts_a_worker(queue, started):
    test = opened(method="base", seeds="0 1")
    button(test, "Start 2 trainings").click().run()
    assert not test.exception
    assert [job.run for job in queue.waiting()] == ["demo-cnn-base-s0", "demo-cnn-base-s1"]
    assert queue.waiting()[0].arguments[-2:] == ("--name", "demo-cnn-base-s0")
    assert started == [str(queue.workspace.root)]
    button(test, "Queue 2 trainings").click().run()
    assert [job.run for job in queue.waiting()][2:] == ["demo-cnn-base-s0-2", "demo-cnn-base-s1-2"]
    assert "3 others before it" in said(test)


def test_a_name_that_is_queued_cannot_be_given_twice(queue):
    queue.add("mine", ["base"])
    test = opened()
    test.text_input(key="name").set_value("mine").run()
    assert "in the queue already" in test.error[0].value.replace("\\", "")


def test_a_waiting_training_is_taken_off(queue):
    queue.add("mine", ["base"])
    test = opened()
    button(test, "Take off").click().run()
    assert queue.jobs() == []
    assert "Nothing has been trained from here yet" in said(test)


@pytest.fixture
def live(queue, run_factory):
    """A job whose process is this one, and its run in training."""
    job = queue.add("live-0", ["base"])
    queue.take()
    queue.note_process(job, this_process())
    RunWriter(run_factory("live-0", end="running"), {}).write_progress(
        {
            "stage": "train",
            "epoch": 2,
            "epochs": 3,
            "step": 20,
            "steps": 40,
            "seconds_left": 100.4,
            "is_over": False,
        }
    )
    return job


def test_a_running_training_shows_how_far_it_is_with_its_curves(live):
    test = opened()
    bar = test.get("progress")[0].proto
    assert (bar.value, bar.text) == (
        50,
        "stage train · epoch 2 of 3 · step 20 of 40 · at most 2 min left",
    )
    (figure,) = pictures(test)
    titles = {axis["title"]["text"] for name, axis in figure["layout"].items() if name.startswith("yaxis")}
    assert titles == {"loss", "nDCG@5"}
    assert button(test, "Queue 1 training")


def test_stopping_marks_the_job_and_offers_to_end_it_by_force(queue, live, monkeypatch):
    asked = []
    monkeypatch.setattr("workbench.queue.jobs.interrupt", lambda process: asked.append(process["pid"]))
    monkeypatch.setattr("workbench.queue.jobs.kill", lambda process: asked.append(-process["pid"]))
    test = opened()
    button(test, "Stop").click().run()
    assert queue.is_stopping(live.id)
    assert "It is stopping" in said(test)
    button(test, "End by force").click().run()
    assert asked == [this_process()["pid"], -this_process()["pid"]]


def test_a_training_before_its_first_step_says_so(queue):
    job = queue.add("live-0", ["base"])
    queue.take()
    queue.note_process(job, this_process())
    test = opened()
    assert test.get("progress")[0].proto.text == "Loading and preparing documents"


def test_a_finished_training_shows_its_numbers_and_links(queue, run_factory):
    run_factory("base-0", score=0.6)
    job = queue.add("base-0", ["base"])
    queue.take()
    queue.end(job, 0)
    text = said(opened())
    assert "Test: nDCG@5 **0.5" in text
    assert "runs?split=demo%2F2a9f61c3&shown=Learning+curves&runs=base-0" in text


def test_a_crash_shows_its_message_letter_by_letter_and_its_log_on_demand(queue):
    job = queue.add("base-0", ["base"])
    queue.take()
    queue.log(job.id).parent.mkdir()
    queue.log(job.id).write_text("Loading\nerror: <script>no</script> `such` corpus\n")
    queue.end(job, 1)
    test = opened()
    assert "<script>no</script> `such` corpus" in [block.value for block in test.code]
    assert not any("Loading" in block.value for block in test.code)
    test.toggle[0].set_value(True).run()
    assert any("Loading" in block.value for block in test.code)
    button(test, "Try again").click().run()
    assert [waiting.arguments for waiting in queue.waiting()] == [("base",)]


def test_a_stopped_training_goes_on_from_its_run(queue, run_factory, started):
    run_factory("cut-0", end="stopped")
    job = queue.add("cut-0", ["base"])
    queue.take()
    queue.end(job, 130)
    test = opened()
    button(test, "Go on").click().run()
    assert [waiting.arguments for waiting in queue.waiting()] == [("--resume", "cut-0")]
    assert started
    assert "stopped" not in said(test)  # of the run that goes on the last job is shown


def test_after_the_machine_went_down_the_page_says_so_and_sees_to_the_queue(queue, started):
    queue.add("lost-0", ["base"])
    queue.take()
    queue.add("next-0", ["base"])
    test = opened()
    assert "Its process is gone" in "".join(block.value for block in test.code)
    assert started == [str(queue.workspace.root)]
    test.run()
    assert len(started) == 1  # a busy machine is given time


def test_ended_trainings_are_dismissed_and_their_runs_stay(queue, run_factory):
    for name in ("a-0", "b-0"):
        run_factory(name)
        job = queue.add(name, ["base"])
        queue.take()
        queue.end(job, 0)
    test = opened()
    button(test, "Dismiss").click().run()
    assert [job.run for job in queue.jobs()] == ["a-0"]
    assert (queue.workspace.runs / "b-0").is_dir()


def test_what_can_be_trained_is_found_out_first(workspace, started, nothing_left_over, monkeypatch):
    asked = []
    monkeypatch.setattr(jobs, "start_workbench", lambda key, title, arguments: asked.append(arguments))
    test = opened()
    assert asked == [["methods", "--json", str(place_of_description(workspace))]]
    assert not test.selectbox
    assert "Trainings" in said(test)


def test_a_page_that_looks_at_other_runs_says_where_they_are_written(queue, monkeypatch, tmp_path):
    monkeypatch.setenv("WORKBENCH_RUNS", str(tmp_path))
    assert str(queue.workspace.runs) in opened().warning[0].value


def test_a_training_that_is_started_here_is_trained(workspace, known, toy_corpus):
    """The real thing: another process, which this one does not wait for, trains and writes the run."""
    save_corpus(toy_corpus, workspace.corpora / "toy")
    test = opened(method="base", corpus="toy", **{"training.epochs": "1", "CNNSettings.filters": "8"})
    button(test, "Start training").click().run()
    queue = Queue(workspace)
    while not queue.is_attended():
        assert queue.jobs()[0].is_active
    pid = json.loads(queue.worker.read_text())["pid"]
    assert pid not in {child.pid for child in psutil.Process().children(recursive=True)}
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=200)
    test = opened()
    assert [(job.run, job.state) for job in queue.jobs()] == [("toy-cnn-base-s0", "done")]
    assert "Test: nDCG@5 **" in said(test)
    assert len(pictures(test)) == 1
