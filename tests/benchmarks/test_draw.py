from __future__ import annotations

import random
import sys

import pytest

from benchmarks import draw
from workbench.data.library import load_corpus, save_corpus
from workbench.errors import WorkbenchError


def test_some_training_documents_make_a_corpus_of_its_own(workspace, toy_corpus, monkeypatch):
    save_corpus(toy_corpus, workspace.corpora / "toy")
    monkeypatch.setattr(sys, "argv", ["draw.py", "toy", "--documents", "20", "--seed", "3", "--name", "few"])
    draw.main()
    few = load_corpus("few", workspace)
    rows = sorted(random.Random(3).sample(range(len(toy_corpus.train)), 20))
    assert list(few.train.ids) == [toy_corpus.train.ids[row] for row in rows]
    assert list(few.test.ids) == list(toy_corpus.test.ids)
    assert few.labels == toy_corpus.labels
    assert few.split_id.startswith("few/")
    assert few.drawn_from is None


@pytest.mark.parametrize("n", [0, 10_000])
def test_more_than_there_are_cannot_be_drawn(toy_corpus, n):
    with pytest.raises(WorkbenchError, match="the size of train"):
        draw.drawn(toy_corpus, n, 0, "few")


def test_an_unknown_corpus_is_told_without_a_traceback(workspace, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["draw.py", "nowhere", "--documents", "2", "--name", "few"])
    with pytest.raises(SystemExit, match="nowhere"):
        draw.main()
