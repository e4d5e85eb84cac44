"""Versions of a corpus with augmented copies of its training documents."""

from __future__ import annotations

import numpy as np
import pytest

from workbench.data.augment import BATCH, augment, version_name
from workbench.data.corpus import Corpus
from workbench.data.easy_augmentation import EasyAugmentation
from workbench.data.storage import read_corpus, write_corpus
from workbench.errors import WorkbenchError


def shout(texts, ids, copy):
    return [f"{text.upper()} {copy}" for text in texts]


def test_copies_have_their_documents_labels_and_all_else_stays(corpus: Corpus) -> None:
    made = augment(corpus, shout, "eda", "by shouting", copies=2)
    version, n = made.corpus, len(corpus.train)
    assert (version.name, len(version.train), version.train.n_generated) == ("small-eda", 3 * n, 2 * n)
    assert list(version.train.texts[:n]) == list(corpus.train.texts)
    assert (version.train.targets[:n] != corpus.train.targets).nnz == 0
    assert version.valid is corpus.valid and version.test is corpus.test
    assert version.split_id == corpus.split_id and version.fingerprint != corpus.fingerprint
    for place, source in enumerate(made.sources.tolist(), start=n):
        copy = version.train.ids[place].rpartition("-")[2]
        assert version.train.ids[place] == f"{corpus.train.ids[source]}~eda-{copy}"
        assert version.train.texts[place] == f"{corpus.train.texts[source].upper()} {int(copy) - 1}"
        expected = corpus.train.targets[[source]].toarray()
        np.testing.assert_array_equal(version.train.targets[[place]].toarray(), expected)
    assert version.card.notes[-1] == f"{2 * n} augmented copies of training documents: by shouting."
    assert version.without_generated().fingerprint == corpus.fingerprint


def test_copies_without_another_word_are_left_out_and_counted(corpus: Corpus) -> None:
    def some(texts, ids, copy):
        back = {0: "", 1: " \n", 2: "\t" + texts[2].replace(" ", "\n")}
        return [back.get(place, f"new {text}") for place, text in enumerate(texts)]

    made = augment(corpus, some, "eda", "some")
    assert made.left_out == 3
    assert made.sources.tolist() == list(range(3, 60))
    with pytest.raises(WorkbenchError, match="None of the 60 training documents"):
        augment(corpus, lambda texts, ids, copy: texts, "eda", "not at all")


def test_texts_come_in_batches_with_their_ids_and_every_copy_is_told_of(corpus: Corpus, monkeypatch) -> None:
    seen, told = [], []

    def watch(texts, ids, copy):
        seen.append((list(ids), copy))
        return [f"{text} {copy}" for text in texts]

    monkeypatch.setattr("workbench.data.augment.BATCH", 25)
    augment(corpus, watch, "eda", "watched", copies=2, advance=told.append)
    ids = list(corpus.train.ids)
    assert seen == [(ids[at : at + 25], copy) for at in (0, 25, 50) for copy in (0, 1)]
    assert sum(told) == 120
    assert BATCH > 1


def test_the_whole_way_from_eda_to_disk_is_the_same_twice(corpus: Corpus, tmp_path) -> None:
    rewrite = EasyAugmentation({"text": ["words"]}, 0.2, seed=3)
    first, second = (augment(corpus, rewrite, "eda", "EDA").corpus for _ in range(2))
    assert first.fingerprint == second.fingerprint
    assert (
        augment(corpus, EasyAugmentation({}, 0.2, seed=4), "eda", "EDA").corpus.fingerprint
        != first.fingerprint
    )
    write_corpus(first, tmp_path)
    read = read_corpus(tmp_path)
    assert read.fingerprint == first.fingerprint
    assert read.train.n_generated == first.train.n_generated > 50


def test_what_cannot_be_augmented_is_refused(corpus: Corpus) -> None:
    with pytest.raises(WorkbenchError, match="0 copies"):
        augment(corpus, shout, "eda", "", copies=0)
    version = augment(corpus, shout, "eda", "once").corpus
    with pytest.raises(WorkbenchError, match=r"has 60 generated documents already.*made from"):
        augment(version, shout, "rewriting", "twice")
    with pytest.raises(WorkbenchError, match="cannot name a corpus"):
        augment(corpus, shout, "eda", "", name="no/name")
    assert version_name("demo", "eda") == "demo-eda"
