from __future__ import annotations

import numpy as np
import pytest

from benchmarks.pages_workspace import Size, make_up_corpus, write_workspace
from dashboard import meanwhile
from tests.dashboard.page import opened, pictures, said
from tests.dashboard.test_pages import EVERY_PAGE
from workbench.analysis.documents import read_documents
from workbench.data.library import load_corpus, verify_corpus
from workbench.runs.store import Run, list_runs

SMALL = Size(
    runs=5,
    documents=80,
    labels=30,
    label_dimensions=6,
    document_dimensions=8,
    epochs=3,
    steps=2,
)


@pytest.fixture
def written(workspace):
    write_workspace(workspace, SMALL)
    return workspace


def test_the_corpus_has_a_long_tail_and_comes_out_the_same_again():
    corpus = make_up_corpus(Size(documents=2_000, labels=500))
    counts = np.sort(corpus.train.targets.sum(axis=0))[::-1]
    assert counts[:50].sum() > 0.3 * counts.sum()  # of a tenth of the labels
    assert np.median(counts) < counts[0] / 20
    assert make_up_corpus(Size(documents=2_000, labels=500)).fingerprint == corpus.fingerprint


def test_runs_and_corpus_are_whole_and_of_the_size_asked_for(written):
    verify_corpus(written.corpora / "wide")
    assert [len(split) for split in load_corpus("wide").splits.values()] == [80, 8, 80]
    runs = list_runs(written.runs)
    assert len(runs) == 5
    for run in runs:
        assert isinstance(run, Run)
        assert run.status == "done"
        assert len(read_documents(run)) == 80
        assert len(run.history) == 3 * (2 + 1)
        assert run.metrics["test"]["overall"]["P@1"] > 0.3
        assert len(run.metrics["test"]["labels"]) == 30


OPENED_AT = {"labels": {"corpus": "wide"}, "papers": {"exhibit": "protomix/table-2"}}


@pytest.mark.parametrize("page", EVERY_PAGE)
def test_every_page_shows_it(written, page: str, monkeypatch):
    monkeypatch.setattr(meanwhile, "_PATIENCE_S", None)  # what a page does meanwhile is waited for
    test = opened(page, **OPENED_AT.get(page, {}))
    assert not test.warning
    if page == "train":  # what can be trained is found out first
        assert "Trainings" in said(test)
    else:
        assert pictures(test) or test.get("html") or test.get("table")
