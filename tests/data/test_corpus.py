from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from workbench.data.corpus import Corpus, Split, Whole, make_corpus, open_up
from workbench.errors import WorkbenchError

MakeSplit = Callable[..., Split]


def test_a_corpus_has_canonical_targets(make_split: MakeSplit) -> None:
    train = make_split("train", 5)
    messy = sparse.csr_array(
        (np.array([1.0, 1.0, 0.0, 1.0]), np.array([2, 0, 1, 0]), np.array([0, 3, 4, 4, 4, 4])), shape=(5, 4)
    )
    built = make_corpus("x", replace(train, targets=messy), make_split("v", 2), make_split("t", 2), "abcd")
    assert built.train.targets.dtype == np.uint8
    assert built.train.targets.indices.tolist() == [0, 2, 0]
    assert built.train.targets.data.tolist() == [1, 1, 1]
    assert messy.data.tolist() == [1.0, 1.0, 0.0, 1.0]  # what was given stays as it is


def test_a_missing_validation_split_is_drawn_from_train(make_split: MakeSplit) -> None:
    train = make_split("train", 200)
    built = make_corpus("x", train, None, make_split("t", 3), "abcd", seed=5)
    assert sorted([*built.train.ids, *built.valid.ids]) == sorted(train.ids)
    assert 15 <= len(built.valid) <= 25
    position = {identity: row for row, identity in enumerate(train.ids)}
    rows = [position[identity] for identity in built.valid.ids]
    np.testing.assert_array_equal(built.valid.targets.toarray(), train.targets[rows].toarray())
    assert list(built.valid.texts) == [train.texts[row] for row in rows]
    assert "seed 5" in built.card.valid_drawn
    other = make_corpus("x", train, None, make_split("t", 3), "abcd", seed=6)
    assert other.split_id != built.split_id


def test_fractions_of_train_are_nested_and_leave_the_rest_alone(corpus: Corpus) -> None:
    half, quarter = corpus.with_train_fraction(0.5, seed=1), corpus.with_train_fraction(0.25, seed=1)
    assert (len(half.train), len(quarter.train)) == (30, 15)
    assert set(quarter.train.ids) < set(half.train.ids) < set(corpus.train.ids)
    assert half.valid is corpus.valid
    assert half.labels == corpus.labels
    assert len({corpus.split_id, half.split_id, quarter.split_id}) == 3
    assert len({corpus.fingerprint, half.fingerprint, quarter.fingerprint}) == 3
    assert "30 of 60" in half.card.notes[-1]
    assert half.drawn_from == Whole(corpus.fingerprint, corpus.split_id, 60)
    row = list(corpus.train.ids).index(half.train.ids[3])
    np.testing.assert_array_equal(half.train.targets[[3]].toarray(), corpus.train.targets[[row]].toarray())


def test_the_whole_of_train_is_the_same_corpus(corpus: Corpus) -> None:
    assert corpus.with_train_fraction(1.0) is corpus
    assert corpus.drawn_from is None
    assert len(corpus.with_train_fraction(0.001).train) == 1


@pytest.mark.parametrize("size", [0, 61, -1])
def test_a_size_that_train_does_not_have_is_refused(corpus: Corpus, size: int) -> None:
    with pytest.raises(WorkbenchError, match="has 60"):
        corpus.with_train_size(size)


@pytest.mark.parametrize("fraction", [0.0, -0.5, 1.5, float("nan")])
def test_a_fraction_out_of_range_is_refused(corpus: Corpus, fraction: float) -> None:
    with pytest.raises(WorkbenchError, match=r"\(0, 1\]"):
        corpus.with_train_fraction(fraction)


def test_an_id_in_two_splits_is_refused(make_split: MakeSplit) -> None:
    with pytest.raises(WorkbenchError, match="'a-0' stands in train and again in test"):
        make_corpus("x", make_split("a", 3), make_split("v", 3), make_split("a", 3), "abcd")


@pytest.mark.parametrize(
    ("labels", "label_texts", "message"),
    [
        ("abc", None, r"must be \(3, 3\)"),
        ("abca", None, "given twice: a"),
        ("", None, "at least one label"),
        ("abcd", ["one"], "4 labels but 1 label texts"),
    ],
)
def test_labels_that_do_not_fit_are_refused(
    make_split: MakeSplit, labels: str, label_texts: list[str] | None, message: str
) -> None:
    with pytest.raises(WorkbenchError, match=message):
        make_corpus("x", make_split("a", 3), make_split("v", 3), make_split("t", 3), labels, label_texts)


def test_values_other_than_zero_and_one_are_refused(make_split: MakeSplit) -> None:
    train = make_split("a", 3)
    twos = replace(train, targets=sparse.csr_array(np.full((3, 4), 2)))
    with pytest.raises(WorkbenchError, match="train split hold values other than 0 and 1"):
        make_corpus("x", twos, make_split("v", 3), make_split("t", 3), "abcd")


@pytest.mark.parametrize("name", ["", "../x", "a/b", ".hidden", "with space", "x" * 101])
def test_a_name_that_is_no_folder_is_refused(make_split: MakeSplit, name: str) -> None:
    with pytest.raises(WorkbenchError, match="cannot name a corpus"):
        make_corpus(name, make_split("a", 3), make_split("v", 3), make_split("t", 3), "abcd")


def test_no_training_document_is_refused(make_split: MakeSplit) -> None:
    empty = Split([], sparse.csr_array((0, 4)), [])
    with pytest.raises(WorkbenchError, match="no training document"):
        make_corpus("x", empty, None, make_split("t", 3), "abcd")


def test_codes_without_names_are_opened_up(corpus: Corpus) -> None:
    assert corpus.label_texts == ("cs AI", "cs LG", "math ph", "rare")
    assert open_up("--") == "--"
