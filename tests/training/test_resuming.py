"""Training that was interrupted goes on as if it had not been."""

from __future__ import annotations

import signal

import numpy as np
import pandas as pd
import pytest
from safetensors.numpy import load_file

import workbench
from tests.training.conftest import SMALL
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import Run, list_runs
from workbench.training.fit import TrainingInterrupted, resume


def test_ctrl_c_leaves_a_readable_run_that_can_go_on(train, workspace, toy_corpus, interrupted):
    handler = signal.getsignal(signal.SIGINT)
    with interrupted(25):
        train("base", epochs=3)
    assert signal.getsignal(signal.SIGINT) is handler
    (run,) = list_runs(workspace.runs)
    assert (run.status, run.reason) == ("stopped", "interrupted by the user")
    assert run.history["step"].max() >= 15
    finished = resume(run.path, corpus=toy_corpus, workspace=workspace)
    undisturbed = train("base", epochs=3, name="undisturbed")
    ours, theirs = (load_file(r.model_dir / "model.safetensors") for r in (finished, undisturbed))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    assert finished.history["step"].tolist() == undisturbed.history["step"].tolist()


def test_averaged_and_accumulated_training_resumes_to_the_same_weights(
    train, workspace, toy_corpus, interrupted
):
    settings = {"epochs": 4, "patience": 0, "swa_start": 1, "accumulate": 2}
    with interrupted(3 * (15 + 2) + 5):  # in the last of four epochs, when two are averaged
        train("base", name="interrupted", **settings)
    path = workspace.runs / "interrupted"
    assert Run.load(path).history["epoch"].max() == 3
    finished = resume(str(path), corpus=toy_corpus, workspace=workspace)
    undisturbed = train("base", name="undisturbed", **settings)
    ours, theirs = (load_file(r.model_dir / "model.safetensors") for r in (finished, undisturbed))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    columns = ["epoch", "step", "phase", "loss", "nDCG@5"]
    pd.testing.assert_frame_equal(finished.history[columns], undisturbed.history[columns])


def test_seconds_of_a_resumed_run_count_those_before_it_was_interrupted(
    train, workspace, toy_corpus, interrupted
):
    with interrupted(25):
        train("base", epochs=3)
    (run,) = list_runs(workspace.runs)
    run.history.assign(wall_time_s=1000.0 + run.history["step"]).to_parquet(run.path / "history.parquet")
    finished = resume(run.path, corpus=toy_corpus, workspace=workspace)
    spent = finished.manifest["durations_s"]
    assert spent["train"] > 1000 + run.history["step"].max()
    assert spent["total"] == pytest.approx(spent["prepare"] + spent["train"] + spent["evaluate"], abs=0.02)
    assert spent["train"] >= round(finished.history["wall_time_s"].max(), 2)


def test_a_finished_run_cannot_be_resumed(train, toy_corpus, workspace):
    with pytest.raises(WorkbenchError, match="nothing to resume"):
        resume(train().path, corpus=toy_corpus, workspace=workspace)


def test_resuming_on_a_changed_corpus_is_refused(train, toy_corpus, workspace, interrupted):
    with interrupted(0):
        train()
    with pytest.raises(WorkbenchError, match="has changed since"):
        resume(list_runs(workspace.runs)[0].path, corpus=toy_corpus.with_train_size(50), workspace=workspace)


def test_a_corpus_given_by_a_relative_path_is_found_again_from_another_folder(
    workspace, toy_corpus, tmp_path, monkeypatch, interrupted
):
    folder = save_corpus(toy_corpus, tmp_path / "elsewhere" / "toy")
    monkeypatch.chdir(folder.parent)
    with interrupted(25) as stopped:
        workbench.fit("base", "./toy", "cnn", workspace=workspace, **(SMALL | {"epochs": 3}))
    monkeypatch.chdir(tmp_path)
    assert isinstance(stopped.value, TrainingInterrupted)
    assert stopped.value.path.name == "toy-cnn-base-s0"
    assert resume(stopped.value.path, workspace=workspace).status == "done"
