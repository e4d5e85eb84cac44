"""Versions of a corpus: descriptions of its labels, and documents made from its own."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from workbench.data.corpus import Corpus, Whole
from workbench.data.fingerprint import corpus_fingerprint
from workbench.data.storage import read_corpus, write_corpus
from workbench.errors import WorkbenchError

SENTENCES = ("About minds.", "", "About proofs.", "Hardly anything.")
MADE = sparse.csr_array(np.array([[0, 0, 0, 1], [1, 0, 0, 1]]))


@pytest.fixture
def described(corpus: Corpus) -> Corpus:
    return corpus.with_descriptions("small-described", SENTENCES, "Described by hand.")


@pytest.fixture
def enlarged(corpus: Corpus) -> Corpus:
    return corpus.with_generated(
        "small-more", ["made one", "made two"], MADE, ["g-1", "g-2"], "Made by hand."
    )


def test_descriptions_leave_the_documents_alone_and_are_part_of_the_content(
    corpus: Corpus, described: Corpus
) -> None:
    assert described.descriptions == SENTENCES
    assert described.name == "small-described" and described.split_id == corpus.split_id
    assert described.fingerprint == corpus_fingerprint(described) != corpus.fingerprint
    assert described.train is corpus.train
    assert described.card.notes == (*corpus.card.notes, "Described by hand.")


def test_generated_documents_stand_behind_the_original_ones_and_are_marked(
    corpus: Corpus, enlarged: Corpus
) -> None:
    train = enlarged.train
    assert list(train.texts) == [*corpus.train.texts, "made one", "made two"]
    assert list(train.ids[-2:]) == ["g-1", "g-2"]
    assert train.generated is not None and train.generated.tolist() == [False] * 60 + [True] * 2
    assert train.n_generated == 2 and corpus.train.n_generated == 0
    np.testing.assert_array_equal(train.targets[[60, 61]].toarray(), MADE.toarray())
    np.testing.assert_array_equal(train.real_targets.toarray(), corpus.train.targets.toarray())
    assert enlarged.split_id == corpus.split_id
    assert enlarged.fingerprint != corpus.fingerprint
    assert enlarged.valid is corpus.valid and enlarged.test is corpus.test


def test_generated_documents_can_be_added_twice_and_left_out_again(corpus: Corpus, enlarged: Corpus) -> None:
    more = enlarged.with_generated("small-most", ["made three"], MADE[[0]], ["g-3"], "More.")
    assert more.train.n_generated == 3
    bare = more.without_generated()
    assert list(bare.train.texts) == list(corpus.train.texts)
    assert bare.train.generated is None and bare.fingerprint == corpus.fingerprint
    assert bare.split_id == corpus.split_id
    assert bare.drawn_from == Whole(more.fingerprint, corpus.split_id, 63)
    assert bare.with_train_size(10).drawn_from == bare.drawn_from


def test_without_generated_documents_nothing_is_left_out(corpus: Corpus) -> None:
    assert corpus.without_generated() is corpus
    assert corpus.train.real_targets is corpus.train.targets


def test_a_part_of_the_documents_keeps_their_marks(enlarged: Corpus) -> None:
    part = enlarged.train.take([61, 3, 60])
    assert part.generated is not None and part.generated.tolist() == [True, False, True]
    np.testing.assert_array_equal(part.real_targets.toarray(), enlarged.train.targets[[3]].toarray())


@pytest.mark.parametrize("ids", [["train-0", "g-2"], ["test-1", "g-2"], ["g-1", "g-1"]], ids=str)
def test_an_id_that_is_taken_is_refused(corpus: Corpus, ids: list[str]) -> None:
    with pytest.raises(WorkbenchError, match=f"The id '{ids[0]}' stands in"):
        corpus.with_generated("more", ["a", "b"], MADE, ids, "")


def test_what_does_not_fit_is_refused(corpus: Corpus) -> None:
    with pytest.raises(WorkbenchError, match="4 labels but 2 descriptions"):
        corpus.with_descriptions("more", ["a", "b"], "")
    with pytest.raises(WorkbenchError, match="The generated split has 1 texts"):
        corpus.with_generated("more", ["a"], MADE, ["g-1", "g-2"], "")
    with pytest.raises(WorkbenchError, match="cannot name a corpus"):
        corpus.with_descriptions("../more", SENTENCES, "")


def test_both_come_back_from_disk(described: Corpus, tmp_path: Path) -> None:
    whole = described.with_generated("both", ["made one", "made two"], MADE, ["g-1", "g-2"], "Made.")
    write_corpus(whole, tmp_path)
    opened = read_corpus(tmp_path)
    assert opened.descriptions == SENTENCES
    assert opened.train.generated is not None
    assert np.flatnonzero(opened.train.generated).tolist() == [60, 61]
    assert opened.valid.generated is None
    assert opened.fingerprint == whole.fingerprint == corpus_fingerprint(opened)
    assert opened.split_id == whole.split_id
