from __future__ import annotations

import numpy as np
import pytest

import workbench
from workbench.data.library import save_corpus
from workbench.errors import WorkbenchError
from workbench.probes.geometry import probe_geometry
from workbench.runs.stages import STAGE_ROWS, START, stage_array
from workbench.runs.store import Run
from workbench.runs.writer import write_array

SMALL = {"filters": 4, "embedding_size": 8, "epochs": 1, "train_size": 60}
AT_START = stage_array(0, START)


@pytest.fixture
def train(workspace, toy_corpus):
    save_corpus(toy_corpus, workspace.corpora / "toy")

    def fit(method: str = "base", **settings):
        return workbench.fit(method, "toy", workspace=workspace, **(SMALL | settings))

    return fit


def test_the_vectors_are_those_that_training_would_have_kept(train):
    kept, later = train(name="kept", keep_stages=True, seed=3), train(name="later", seed=3)
    assert AT_START not in later.array_names
    report = probe_geometry(later)
    assert report["documents"] == len(later.array(STAGE_ROWS)) == 60
    for name in (AT_START, STAGE_ROWS):
        assert np.array_equal(later.array(name), kept.array(name))


def test_what_training_kept_stays_unless_it_is_forced(train):
    run = train(keep_stages=True)
    wrong = np.zeros_like(run.array(AT_START))
    write_array(run._layout, AT_START, wrong)
    assert probe_geometry(run)["documents"] == 60
    assert not run.array(AT_START).any()
    probe_geometry(run, force=True)
    assert run.array(AT_START).any()


def test_a_second_probe_finds_the_first_ones_report(train):
    run = train()
    assert probe_geometry(run) == probe_geometry(run) == run.probe("geometry")


def test_a_method_without_document_vectors_is_refused(run_factory):
    with pytest.raises(WorkbenchError, match="keeps no document vectors"):
        probe_geometry(Run.load(run_factory("bare-0")))


def test_a_changed_corpus_is_refused(train, toy_corpus, workspace):
    run = train()
    save_corpus(toy_corpus.with_train_size(100, 0), workspace.corpora / "toy", overwrite=True)
    with pytest.raises(WorkbenchError, match="has changed since"):
        probe_geometry(run)
