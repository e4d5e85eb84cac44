"""CL-MIL's two stages through the loop: terms, what each trains, and resuming in the middle of the first."""

from __future__ import annotations

from itertools import count

import numpy as np
import pytest
from safetensors.numpy import load_file

import workbench
from workbench.methods.cl_mil_contrast import ContrastiveDocuments
from workbench.runs.store import Run, list_runs
from workbench.training import run_job
from workbench.training.fit import resume

SMALL = {
    "max_length": 16,
    "epochs": 1,
    "contrast_epochs": 2,
    "train_size": 96,
    "window_filters": 2,
    "log_every": 5,
    "progress": False,
}


@pytest.fixture
def train(workspace, toy_corpus):
    def fit(method: str = "cl-mil", **settings) -> Run:
        return workbench.fit(method, toy_corpus, "small-bert", workspace=workspace, **(SMALL | settings))

    return fit


def test_each_stage_has_its_terms_and_trains_its_part(train, monkeypatch):
    changed = {}
    run_stage = run_job.run_stage

    def watching(method, stage, *rest):
        before = {name: value.clone() for name, value in method.state_dict().items()}
        found = run_stage(method, stage, *rest)
        changed[stage.name] = {n for n, value in method.state_dict().items() if not before[n].equal(value)}
        return found

    monkeypatch.setattr(run_job, "run_stage", watching)
    run = train()
    history = run.history
    training = history[history["phase"] == "train"].groupby("stage", sort=False)
    terms = {
        stage: {name for name in rows if name.startswith("loss/") and rows[name].notna().any()}
        for stage, rows in training
    }
    assert terms == {"contrast": {"loss/contrast"}, "classification": {"loss/cil", "loss/fil", "loss/clrl"}}
    assert training["epoch"].max().to_dict() == {"contrast": 1, "classification": 0}
    assert set(history[history["phase"] == "valid"]["stage"]) == {"classification"}
    assert all(name.startswith("encoder.") for name in changed["contrast"])
    assert any(name.startswith("relation_head") for name in changed["classification"])
    assert run.manifest["config"]["method"]["low_frequency"] is not None
    assert run.manifest["compares_tokens"]


@pytest.mark.parametrize("batch", [1, 4])
def test_killed_in_the_first_stage_it_goes_on_to_the_same_weights(
    train, workspace, toy_corpus, monkeypatch, batch: int
):
    settings = {"contrast_targets": 4, "low_frequency": 20}
    calls, forward = count(), ContrastiveDocuments.forward

    def stopping(self, given):
        if self._documents is not None and next(calls) == stop:
            raise KeyboardInterrupt
        return forward(self, given)

    undisturbed = train(name="undisturbed", **settings)
    steps = int(undisturbed.history.query("stage == 'contrast'")["step"].max()) // 2
    stop = batch if batch == 1 else steps + 1  # in the first epoch, in the second
    with monkeypatch.context() as patch:
        patch.setattr(ContrastiveDocuments, "forward", stopping)
        with pytest.raises(KeyboardInterrupt):
            train(name="killed", **settings)
    killed = next(run for run in list_runs(workspace.runs) if run.name == "killed")
    assert set(killed.history["stage"]) == {"contrast"}
    finished = resume(killed.path, corpus=toy_corpus, workspace=workspace, progress=False)
    ours, theirs = (load_file(run.model_dir / "model.safetensors") for run in (finished, undisturbed))
    assert all(np.array_equal(ours[name], theirs[name]) for name in theirs)
    assert finished.history["step"].tolist() == undisturbed.history["step"].tolist()
