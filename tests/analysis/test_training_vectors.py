from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis import training_vectors
from workbench.analysis.training_vectors import label_votes, nearest_by_cosine, training_table
from workbench.data.split import Split
from workbench.errors import WorkbenchError

TRAIN = Split(
    ("one two", "three <b>bold</b>\n\n four", "x" * 9000),
    sparse.csr_array(np.array([[1, 0, 1], [0, 0, 0], [0, 1, 1]], dtype=np.uint8)),
    ("a", "b", "c"),
    np.array([False, True, False]),
)


@pytest.mark.parametrize("at_once", [1, 7, 10_000])
@pytest.mark.parametrize("as_sparse", [False, True])
def test_the_nearest_are_those_of_a_plain_loop(monkeypatch, at_once, as_sparse):
    monkeypatch.setattr(training_vectors, "_NUMBERS_AT_ONCE", at_once)
    generator = np.random.default_rng(2)
    vectors = generator.normal(size=(40, 5))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors[7] = 0.0
    query = vectors[[3]].astype(np.float32)
    cosines = [float(sum(a * b for a, b in zip(row, query[0], strict=True))) for row in vectors]
    expected = sorted(range(40), key=lambda row: (-cosines[row], row))[:6]
    given = (sparse.csr_array(vectors), sparse.csr_array(query)) if as_sparse else (vectors, query)
    rows, found = nearest_by_cosine(*given, 6)
    assert rows.tolist() == expected
    np.testing.assert_allclose(found, [cosines[row] for row in expected], atol=1e-6)


def test_of_equal_ones_the_first_and_all_of_fewer_than_k():
    vectors = np.array([[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]], dtype=np.float16)
    rows, cosines = nearest_by_cosine(vectors, np.array([[1.0, 0.0]]), 9)
    assert rows.tolist() == [1, 2, 0]
    assert cosines.tolist() == [1, 1, 0]


def test_no_training_document_at_all():
    assert nearest_by_cosine(np.zeros((0, 2), np.float16), np.ones((1, 2)), 3)[0].tolist() == []


def test_vectors_of_another_size_are_refused():
    with pytest.raises(WorkbenchError, match="probe training-vectors"):
        nearest_by_cosine(np.ones((2, 3)), np.ones((1, 2)), 1)


def test_a_row_says_which_labels_are_shared():
    rows, cosines = np.array([2, 0, 1]), np.array([0.9, 0.5, 0.1])
    table = training_table(TRAIN, rows, cosines, ["A", "B", "C"], {"★": [2], "✓": [1, 2]})
    assert table["labels"].tolist() == ["✓ B, ★✓ C", "A, ★✓ C", ""]
    assert table["is_generated"].tolist() == [False, False, True]
    assert table["text"].tolist()[1:] == ["one two", "three <b>bold</b> four"]
    assert len(table["text"][0]) <= 160
    assert table["id"].tolist() == ["c", "a", "b"]


def test_neighbours_vote():
    assert label_votes(TRAIN, np.array([0, 2]), [2, 0]).tolist() == [2, 1]
    assert label_votes(TRAIN, np.array([0, 2]), []).tolist() == []
