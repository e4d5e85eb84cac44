"""The page that trains; where nothing else is said, no worker is started and nothing is trained."""

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
from workbench.files import write_json
from workbench.forms.known import Known, place_of_description
from workbench.queue import worker
from workbench.queue.jobs import Queue
from workbench.runs.process import this_process
from workbench.runs.writer import RunWriter
from workbench.training.forms import describe_settings

opened = partial(page.opened, "train")


@pytest.fixture(scope="session")
def description() -> dict:
    return describe_settings()


@pytest.fixture
def known(workspace, description) -> Known:
    path = place_of_description(workspace)
    write_json(path, description)
    return Known.read(path)


@pytest.fixture
def started(monkeypatch) -> list[str]:
    """Workspaces for which a worker was started."""
    calls: list[str] = []
    monkeypatch.setattr(worker, "start", lambda workspace: calls.append(str(workspace.root)))
    return calls


@pytest.fixture
def queue(workspace, known, started) -> Queue:
    return Queue(workspace)


def command(test) -> str:
    return next(block.value for block in test.code if block.value.startswith("workbench train"))


def widgets(test) -> dict[str, object]:
    kinds = (test.number_input, test.text_input, test.selectbox, test.checkbox, test.multiselect)
    return {one.key: one for kind in kinds for one in kind}


def button(test, label: str):
    return next(one for one in test.button if one.label == label)


def test_every_setting_of_every_method_has_a_widget_and_defaults_set_nothing(queue, known):
    test = opened()
    for method in known.methods.values():
        test.selectbox(key="paper").set_value(method.name).run()
        assert not test.exception
        assert test.selectbox(key="method").options == list(method.variants)
        first = next(iter(method.variants))
        if not test.error:
            assert command(test) == f"workbench train {first} --corpus demo --seed 0"
        there = widgets(test)
        wanted = {f"{method.name}.{name}" for name in method.section.settings} | {
            f"training.{name}" for name in known.training.settings
        }
        elsewhere = {f"{method.name}.variant", f"{method.name}.add"}  # what is chosen as the method; `add`
        assert wanted - elsewhere <= set(there)
        assert not test.error
        encoder = method.encoder(known, method.default_encoder, frozen=False, variant=first)
        assert {f"{encoder.schema['title']}.{name}" for name in encoder.settings} <= set(there)


def test_choices_stand_in_the_command_as_far_as_they_are_no_defaults(queue):
    test = opened(method="lsfa-pooled", encoder="bilstm", seeds="3, 4")
    assert test.selectbox(key="paper").value == "lsfa"
    there = widgets(test)
    there["training.epochs"].set_value(5)
    there["training.learning_rate"].set_value("1e-4")
    there["lsfa.bias"].set_value(True)
    there["lsfa.balance"].set_value("mean")
    there["lsfa.head_threshold"].set_value(7)
    there["training.keep_stages"].set_value("false")
    test.run()
    assert command(test) == (
        "workbench train lsfa-pooled --corpus demo --encoder bilstm --seed 3 --seed 4 "
        "--set head_threshold=7 --set balance=mean --set bias=true "
        "--set epochs=5 --set learning_rate=1e-4 --set keep_stages=false"
    )
    there = widgets(test)
    there["training.epochs"].set_value(10)
    there["training.learning_rate"].set_value(" ")
    assert "epochs" not in command(test.run())


def test_a_setting_that_two_parts_have_says_whose_it_is(queue, known):
    section = known.methods["sgm"].encoder(known, "bilstm", frozen=False, variant="sgm")
    title = section.schema["title"]
    test = opened(method="sgm", encoder="bilstm")
    widgets(test)["sgm.dropout"].set_value("0.11")
    widgets(test)[f"{title}.dropout"].set_value("0.22")
    assert command(test.run()).endswith("--set method.dropout=0.11 --set encoder.dropout=0.22")


def test_a_wrong_value_is_told_as_by_the_command_line_and_nothing_can_be_started(queue):
    test = opened()
    widgets(test)["protomix.alpha"].set_value("0").run()
    (problem,) = (error.value.replace("\\", "") for error in test.error)
    assert problem == (
        "Setting alpha=0 (Mixup's Beta(alpha, alpha), Eq. 11; paper: 0.05 to 1.5): "
        "Input should be greater than 0."
    )
    assert button(test, "Start training").disabled
    widgets(test)["protomix.alpha"].set_value("0.3").run()
    assert not test.error
    assert not button(test, "Start training").disabled


@pytest.mark.parametrize(
    "key, value, message",
    [
        ("seeds", "one", "are no seeds"),
        ("seeds", "-1", "is no seed"),
        ("seeds", "", "Give a seed"),
        ("name", "../up", "cannot name a run"),
        ("name", "there-0", "There is a run"),
        ("training.learning_rate", ":red[much]", "valid number"),
    ],
)
def test_mistakes_are_told_and_nothing_can_be_started(queue, run_factory, key, value, message):
    run_factory("there-0")
    test = opened()
    test.text_input(key=key).set_value(value).run()
    assert any(message in error.value.replace("\\", "") for error in test.error)
    assert ":red[" not in "".join(error.value for error in test.error)
    assert button(test, "Start training").disabled


def test_an_encoder_that_cannot_be_frozen_or_read_labels_is_told(queue):
    test = opened(frozen="true")
    assert "starts from random weights" in test.error[0].value
    assert button(test, "Start training").disabled
    test = opened(method="laco", encoder="cnn")
    assert "BERT" in test.error[0].value


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
    assert "runs?split=demo%2F2a9f61c3&view=Learning+curves&runs=base-0" in text


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
