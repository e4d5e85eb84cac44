from __future__ import annotations

import re
import shutil

import pytest

import workbench
from tests.training_sets import give_training_sets
from workbench.probes import landscape
from workbench.runs.store import Run

FEW = ["--grid", 3, "--documents", 8, "--radius", 0.5]


def probed(path) -> dict | None:
    return Run.load(path).probe("landscape")


def test_landscapes_are_written_into_the_runs(command, toy, workspace, finished):
    for method in ("base", "mix"):
        finished(method, method)
    ended = command("probe", "landscape", "base", "mix", *FEW)
    assert ended.status == 0
    assert "base: loss 0.69" in ended.out
    assert "at distance 0.50" in ended.out
    assert "largest eigenvalue" in ended.out
    assert "page Landscapes" in ended.out
    for method in ("base", "mix"):
        assert probed(workspace.runs / method)["settings"]["grid"] == 3


def test_a_second_time_says_that_it_is_there_and_force_makes_it_again(command, toy, workspace, finished):
    finished("base")
    command("probe", "landscape", "base", *FEW)
    before = probed(workspace.runs / "base")
    assert "as before" in command("probe", "landscape", "base", "base", *FEW).out
    assert probed(workspace.runs / "base") == before
    assert "as before" not in command("probe", "landscape", "base", *FEW, "--force").out


@pytest.mark.parametrize(
    "options, message",
    [
        (["--grid", 18], "odd number: 17 or 19"),
        (["--grid", 1], "greater than or equal to 3"),
        (["--radius", 0], "greater than 0"),
        (["--radius", -2], "greater than 0"),
        (["--documents", 0], "greater than or equal to 1"),
        (["--plane", "flat"], "'random' or 'path'"),
        (["--plane", "path"], "kept no weights of its epochs"),
    ],
)
def test_settings_that_make_no_landscape_are_one_message(command, toy, finished, options, message):
    finished("base")
    ended = command("probe", "landscape", "base", *FEW, *options)
    assert ended.status == 1
    assert message in ended.err
    assert "Traceback" not in ended.err
    assert "Value error" not in ended.err


def test_a_run_that_is_not_there_or_not_done_stops_before_anything_begins(
    command, toy, workspace, finished, run_factory
):
    finished("base")
    run_factory("cut-0", end="stopped")
    assert "No run 'bass'" in command("probe", "landscape", "base", "bass", *FEW).err
    assert "is stopped" in command("probe", "landscape", "base", "cut-0", *FEW).err
    assert probed(workspace.runs / "base") is None


def test_a_corpus_that_is_gone_is_named(command, toy, workspace, finished):
    finished("base")
    shutil.rmtree(workspace.corpora / "toy")
    ended = command("probe", "landscape", "base", *FEW)
    assert (ended.status, "There is no corpus 'toy'" in ended.err) == (1, True)


def test_ctrl_c_keeps_the_runs_that_are_done(command, toy, workspace, finished, monkeypatch):
    for name in ("first", "second", "third"):
        finished(name)
    calls = iter(range(10))
    largest = landscape.largest_eigenvalue

    def interrupted(*arguments, **named):
        if next(calls) == 1:
            raise KeyboardInterrupt
        return largest(*arguments, **named)

    monkeypatch.setattr(landscape, "largest_eigenvalue", interrupted)
    ended = command("probe", "landscape", "first", "second", "third", *FEW)
    assert ended.status == 130
    assert "first: done and kept. The same command goes on with the others." in ended.err
    assert probed(workspace.runs / "first") is not None
    for name in ("second", "third"):
        run = Run.load(workspace.runs / name)
        assert run.probe("landscape") is None
        assert "landscape_loss" not in run.array_names


@pytest.mark.parametrize(
    "after, said",
    [
        (0, "Interrupted. The same command begins anew."),
        (1, "first: done and kept. To go on, give the same command with the others alone: second third"),
    ],
)
def test_ctrl_c_of_what_is_forced_says_what_is_left(command, toy, finished, monkeypatch, after, said):
    for name in ("first", "second", "third"):
        finished(name)
    calls = iter(range(10))
    largest = landscape.largest_eigenvalue

    def interrupted(*arguments, **named):
        if next(calls) == after:
            raise KeyboardInterrupt
        return largest(*arguments, **named)

    monkeypatch.setattr(landscape, "largest_eigenvalue", interrupted)
    ended = command("probe", "landscape", "first", "second", "third", *FEW, "--force")
    assert (ended.status, said in ended.err) == (130, True)


def test_runs_of_different_splits_are_probed_but_not_drawn_together(command, toy, workspace, finished):
    finished("whole")
    finished("part", train_size=50)
    ended = command("probe", "landscape", "whole", "part", *FEW)
    assert "of 2 splits: only those of one split are drawn together" in ended.out


@pytest.mark.parametrize(
    "predicted, said",
    [
        (((0, 0), (0, 1), (1, 0)), r"by 0\.00 nats: on balance predicted as often as in the gold"),
        (
            ((0, 0), (0, 1), (1, 0), (1, 1)),
            r"by −\d\.\d\d nats: on balance predicted more often than in the gold",
        ),
        (((0, 0), (1, 1)), r"by \+\d\.\d\d nats: on balance predicted more seldom than in the gold"),
    ],
)
def test_a_divergence_says_which_way_label_pairs_go(command, toy, workspace, finished, predicted, said):
    finished("base")
    give_training_sets(workspace.runs / "base", ((0, 0), (0, 1), (1, 0)), predicted)
    assert re.search(said, command("probe", "training-sets", "base").out)


def test_overflow_is_said(command, toy, finished):
    finished("base")
    said = command("probe", "landscape", "base", *FEW, "--radius", 1e18).out
    assert "overflow at 8 points" in said
    assert "no rise at distance 1e+18, where it overflows: look nearer, --radius 1," in said


def test_a_run_with_one_head_has_no_heads_to_score(command, toy, workspace):
    small = {"filters": 4, "embedding_size": 8, "epochs": 1, "train_size": 40, "progress": False}
    run = workbench.fit("base", toy, "cnn", workspace=workspace, **small)
    ended = command("probe", "heads", run.name)
    assert (ended.status, "has one head alone" in ended.err) == (1, True)
    assert "Traceback" not in ended.err


def test_vectors_before_training_are_written_into_the_runs(command, toy, workspace):
    for method in ("base", "mix"):
        workbench.fit(method, "toy", name=method, filters=4, embedding_size=8, epochs=1)
    ended = command("probe", "geometry", "base", "mix")
    assert ended.status == 0
    assert "base: vectors of 60 test documents before training" in ended.out
    assert "page Geometry" in ended.out
    for method in ("base", "mix"):
        assert len(Run.load(workspace.runs / method).array("stage_vectors.0.start")) == 60


def test_vectors_of_training_documents_are_kept_in_the_runs(command, toy, workspace):
    run = workbench.fit("base", "toy", name="base", filters=4, embedding_size=8, epochs=1, train_size=40)
    ended = command("probe", "training-vectors", "base")
    assert ended.status == 0
    assert "base: vectors of 40 training documents" in ended.out
    assert "page Inside a document" in ended.out
    assert run.array("training_vectors").shape[0] == 40
