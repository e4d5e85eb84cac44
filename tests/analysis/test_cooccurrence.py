from __future__ import annotations

import math
from itertools import product

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis.cooccurrence import (
    Cooccurrence,
    conditional_probability,
    cooccurrence,
    pair_cells,
    pair_table,
    partner_table,
    pmi,
)
from workbench.errors import WorkbenchError


def targets_of(documents: list[list[int]], labels: int) -> sparse.csr_array:
    dense = np.zeros((len(documents), labels), np.uint8)
    for row, own in enumerate(documents):
        dense[row, own] = 1
    return sparse.csr_array(dense)


def singles(found: Cooccurrence) -> list[np.ndarray]:
    return [np.array([label]) for label in range(len(found.counts))]


# Eight documents: a is on 4, b on 2, both with a; c on 1, never with a; d on none; e on 2, one with a.
HAND = targets_of([[0, 1, 4], [0, 1], [0], [0], [2], [], [], [4]], 5)


def test_the_measures_worked_out_by_hand():
    cells = pair_cells(found := cooccurrence(HAND), singles(found), singles(found))
    assert found.documents == 8
    assert found.counts.tolist() == [4, 2, 1, 0, 2]
    assert found.seen.tolist() == [0, 1, 2, 4]
    assert cells["documents"][0, 1] == 2
    assert cells["expected"][0, 1] == 1  # 4 x 2 / 8
    assert cells["probability"][0, 1] == 0.5  # b on 2 of a's 4 documents
    assert cells["probability"][1, 0] == 1  # a on both of b's
    assert cells["pmi"][0, 1] == cells["pmi"][1, 0] == 1  # twice as often as by chance: one bit
    assert cells["pmi"][0, 4] == 0  # as often as by chance
    assert cells["pmi"][1, 4] == 1  # log2(1 x 8 / (2 x 2))


def test_pairs_never_together_and_labels_never_seen():
    cells = pair_cells(found := cooccurrence(HAND), singles(found), singles(found))
    assert cells["pmi"][0, 2] == -math.inf
    assert cells["documents"][0, 2] == cells["probability"][0, 2] == 0
    for name in ("expected", "probability", "pmi"):
        assert np.isnan(cells[name][3]).all(), name
        assert np.isnan(cells[name][:, 3]).all(), name
        assert np.isnan(np.diag(cells[name])).all(), name
    assert not np.diag(cells["documents"]).any()


@pytest.mark.parametrize("grouped", [False, True])
def test_cells_equal_plain_loops(grouped: bool):
    generator = np.random.default_rng(5)
    dense = (generator.random((90, 12)) < generator.random(12) * 0.4).astype(np.uint8)
    dense[:, 7] = 0
    found = cooccurrence(sparse.csr_array(dense))
    rows = [np.array([3, 0, 7]), np.array([1]), np.array([2, 9, 11])] if grouped else singles(found)
    columns = [np.array([9, 3]), np.array([7]), np.array([1]), np.array([4, 5])] if grouped else rows
    cells = pair_cells(found, rows, columns)
    for (r, row), (c, column) in product(enumerate(rows), enumerate(columns)):
        documents, expected, of_row = 0, 0.0, sum(int(dense[:, a].sum()) for a in row)
        for a, b in product(row.tolist(), column.tolist()):
            if a != b:
                documents += sum(1 for document in dense if document[a] and document[b])
                expected += int(dense[:, a].sum()) * int(dense[:, b].sum()) / len(dense)
        assert cells["documents"][r, c] == documents
        if expected == 0:
            assert all(np.isnan(cells[name][r, c]) for name in ("expected", "probability", "pmi"))
            continue
        assert cells["expected"][r, c] == pytest.approx(expected, rel=1e-6)
        assert cells["probability"][r, c] == pytest.approx(documents / of_row, rel=1e-6)
        ratio = math.log2(documents / expected) if documents else -math.inf
        assert cells["pmi"][r, c] == pytest.approx(ratio, rel=1e-5, abs=1e-6)


def test_nothing_large_is_dense_and_cells_are_small():
    found = cooccurrence(sparse.csr_array((np.ones(3), ([0, 0, 1], [5, 99_999, 5])), shape=(2, 100_000)))
    assert found.together.nnz == 2
    cells = pair_cells(found, [np.arange(50_000), np.arange(50_000, 100_000)], [np.array([99_999])])
    assert cells["documents"].tolist() == [[1], [0]]
    assert {name: values.dtype.name for name, values in cells.items()} == {
        "documents": "int64",
        "expected": "float32",
        "probability": "float32",
        "pmi": "float32",
    }


def test_counts_do_not_overflow_the_targets_type():
    found = cooccurrence(sparse.csr_array(np.ones((300, 2), np.uint8)))
    assert found.counts.tolist() == [300, 300]
    assert found.together.toarray().tolist() == [[0, 300], [300, 0]]


def test_all_labels_on_every_document_come_together_by_chance_alone():
    cells = pair_cells(found := cooccurrence(np.ones((7, 3), np.uint8)), singles(found), singles(found))
    apart = ~np.eye(3, dtype=bool)
    assert (cells["pmi"][apart] == 0).all()
    assert (cells["probability"][apart] == 1).all()


def test_two_identical_labels():
    cells = pair_cells(
        found := cooccurrence(targets_of([[0, 1], [0, 1], [], []], 2)), singles(found), singles(found)
    )
    assert cells["probability"][0, 1] == cells["probability"][1, 0] == 1
    assert cells["pmi"][0, 1] == 1  # log2(4 x 2 / (2 x 2))


@pytest.mark.parametrize(
    "targets", [targets_of([[0], [1], []], 2), targets_of([[0]], 1), targets_of([], 3), targets_of([[]], 1)]
)
def test_no_pair_at_all_gives_empty_tables(targets: sparse.csr_array):
    found = cooccurrence(targets)
    names = [f"label {number}" for number in range(len(found.counts))]
    assert found.together.nnz == 0
    assert pair_table(found, names).empty
    assert partner_table(found, 0, names).empty
    assert not pair_cells(found, singles(found), singles(found))["documents"].any()


def test_no_rows_give_no_cells():
    cells = pair_cells(cooccurrence(HAND), [], [])
    assert {values.shape for values in cells.values()} == {(0, 0)}


def test_partners_of_a_label_the_most_frequent_together_first():
    table = partner_table(cooccurrence(HAND), 0, list("abcde"))
    assert table.columns.tolist() == [
        "partner",
        "documents",
        "together",
        "expected",
        "p_partner_given_label",
        "p_label_given_partner",
        "pmi",
    ]
    assert table.to_numpy().tolist() == [["b", 2, 2, 1.0, 0.5, 1.0, 1.0], ["e", 2, 1, 1.0, 0.25, 0.5, 0.0]]
    ties = partner_table(cooccurrence(targets_of([[0, 1, 2]], 3)), 1, list("abc"))
    assert ties["partner"].tolist() == ["a", "c"]


def test_each_pair_has_one_row():
    table = pair_table(cooccurrence(HAND), list("abcde"))
    assert table[["label_a", "label_b", "documents_a", "documents_b", "together"]].to_numpy().tolist() == [
        ["a", "b", 4, 2, 2],
        ["a", "e", 4, 2, 1],
        ["b", "e", 2, 2, 1],
    ]
    assert table["expected"].tolist() == [1, 1, 0.5]
    assert table["p_b_given_a"].tolist() == [0.5, 0.25, 0.5]
    assert table["p_a_given_b"].tolist() == [1, 0.5, 0.5]
    assert table["pmi"].tolist() == [1, 0, 1]


def test_targets_other_than_0_and_1_are_refused():
    with pytest.raises(WorkbenchError, match="0 and 1"):
        cooccurrence(sparse.csr_array(np.array([[2, 1]])))


def test_shares_of_nothing_are_undefined():
    np.testing.assert_array_equal(conditional_probability([1, 0, 0], np.array([2, 3, 0])), [0.5, 0, np.nan])
    np.testing.assert_array_equal(pmi(np.array([4, 0, 0]), np.array([1, 0.5, 0])), [2, -np.inf, np.nan])
