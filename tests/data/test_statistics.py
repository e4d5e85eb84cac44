from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy import sparse

from workbench.data.corpus import Corpus, Split, make_corpus
from workbench.data.statistics import (
    frequency_group_sizes,
    label_frequencies,
    label_pairs,
    labels_per_document,
    split_summary,
)


def split(name: str, rows: list[list[int]]) -> Split:
    targets = np.zeros((len(rows), 4), np.uint8)
    for number, labels in enumerate(rows):
        targets[number, labels] = 1
    texts = [f"{name} {'word ' * number}".strip() for number in range(len(rows))]
    return Split(texts, sparse.csr_array(targets), [f"{name}{number}" for number in range(len(rows))])


@pytest.fixture
def tiny() -> Corpus:
    train = [[0, 1]] * 100 + [[1]] * 10 + [[0, 2]] * 15 + [[]] * 5
    return make_corpus("tiny", split("t", train), split("v", [[3]]), split("s", [[3, 1], [2]]), "abcd")


def test_splits_are_summed_up(tiny: Corpus) -> None:
    table = split_summary(tiny, sample=10_000).set_index("split")
    assert table["documents"].tolist() == [130, 1, 2]
    assert table["without_labels"].tolist() == [5, 0, 0]
    assert table["labels_seen"].tolist() == [3, 1, 3]
    assert table["labels_per_document"].tolist() == pytest.approx([240 / 130, 1, 1.5])
    assert table["words_per_document"].tolist() == [np.median(np.arange(1, 131)), 1, 1.5]


def test_an_empty_split_is_summed_up(tiny: Corpus) -> None:
    empty = make_corpus("x", tiny.train, tiny.valid, Split([], sparse.csr_array((0, 4)), []), "abcd")
    assert split_summary(empty).iloc[2].tolist() == ["test", 0, 0, 0.0, 0, 0, 0.0]
    assert labels_per_document(empty)["split"].unique().tolist() == ["train", "valid"]


def test_labels_by_frequency(tiny: Corpus) -> None:
    table = label_frequencies(tiny)
    assert table.to_numpy().tolist() == [
        [1, "a", "a", 115, 0, 0, "head"],
        [2, "b", "b", 110, 0, 1, "head"],
        [3, "c", "c", 15, 0, 1, "tail"],
        [4, "d", "d", 0, 1, 1, "unseen"],
    ]
    assert table.columns.tolist() == ["rank", "label", "text", "train", "valid", "test", "group"]


def test_groups_have_all_labels_and_assignments(tiny: Corpus) -> None:
    assert frequency_group_sizes(tiny).to_numpy().tolist() == [
        ["head", 2, 225],
        ["mid", 0, 0],
        ["tail", 1, 15],
        ["unseen", 1, 0],
    ]


def test_generated_documents_stand_beside_the_real_ones(tiny: Corpus) -> None:
    copies = split("g", [[3, 2]] * 200)
    more = tiny.with_generated("more", copies.texts, copies.targets, copies.ids, "Copies.")
    table, real = label_frequencies(more), label_frequencies(tiny)
    assert table["generated"].tolist() == [0, 0, 200, 200]
    assert table.drop(columns="generated").equals(real)
    assert frequency_group_sizes(more).equals(frequency_group_sizes(tiny))
    assert labels_per_document(more).equals(labels_per_document(tiny))
    assert label_pairs(more).equals(label_pairs(tiny))
    assert split_summary(more)[["documents", "generated"]].to_numpy().tolist() == [[330, 200], [1, 0], [2, 0]]


def test_labels_per_document_counts_every_document(tiny: Corpus) -> None:
    table = labels_per_document(tiny)
    assert table[table["split"] == "train"][["labels", "documents"]].to_numpy().tolist() == [
        [0, 5],
        [1, 10],
        [2, 115],
    ]
    assert table.groupby("split")["documents"].sum().to_dict() == {"train": 130, "valid": 1, "test": 2}


def test_pairs_equal_a_plain_loop(corpus: Corpus) -> None:
    dense = corpus.train.targets.toarray().astype(int)
    expected = {}
    for a, b in combinations(range(4), 2):
        both = sum(row[a] and row[b] for row in dense)
        either = sum(row[a] or row[b] for row in dense)
        lift = both * len(dense) / (dense[:, a].sum() * dense[:, b].sum())
        if both:
            expected[corpus.labels[a], corpus.labels[b]] = (both, both / either, lift)
    table = label_pairs(corpus)
    found = {(row.label_a, row.label_b): (row.documents, row.jaccard, row.lift) for row in table.itertuples()}
    assert found.keys() == expected.keys()
    for pair, values in expected.items():
        assert found[pair] == pytest.approx(values)
    assert table["documents"].is_monotonic_decreasing
    assert len(label_pairs(corpus, top=2)) == 2


def test_no_pair_gives_an_empty_table() -> None:
    alone = make_corpus("x", split("t", [[0], [1]]), split("v", [[0]]), split("s", [[1]]), "abcd")
    table = label_pairs(alone)
    assert table.empty
    assert table.columns.tolist() == ["label_a", "label_b", "documents", "jaccard", "lift"]
