from __future__ import annotations

import pytest

from workbench.data.library import save_corpus
from workbench.runs.store import list_runs
from workbench.training.once import fit_once

SMALL = {"filters": 4, "embedding_size": 8, "epochs": 1, "batch_size": 16}


@pytest.fixture
def toy(workspace, toy_corpus) -> str:
    save_corpus(toy_corpus, workspace.corpora / "toy")
    return "toy"


def test_a_run_is_trained_once_also_on_a_part_of_the_corpus(toy, workspace):
    for settings in (SMALL, SMALL | {"train_size": 60}):
        first = fit_once("proto", toy, "cnn", **settings)
        again = fit_once("proto", toy, "cnn", **settings, beta=0.001)
        assert again.path == first.path
    assert len(list_runs(workspace.runs)) == 2
    assert fit_once("proto", toy, "cnn", 1, **SMALL).path != first.path


def test_an_interrupted_run_is_finished(toy, workspace, interrupted):
    with interrupted(0):
        fit_once("base", toy, "cnn", **SMALL)
    run = fit_once("base", toy, "cnn", **SMALL)
    assert run.status == "done"
    assert len(list_runs(workspace.runs)) == 1
