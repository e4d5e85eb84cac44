from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.runs.predictions import prediction_table


def plain_loop(scores: np.ndarray, k: int) -> list[list[int]]:
    return [sorted(range(len(row)), key=lambda label, row=row: (-row[label], label))[:k] for row in scores]


@pytest.mark.parametrize(
    ("documents", "labels", "k"), [(1, 1, 1), (7, 5, 3), (7, 5, 9), (40, 30, 5), (9, 40, 20), (0, 3, 2)]
)
@pytest.mark.parametrize("dtype", [np.float64, np.float16])
def test_the_best_labels_are_those_of_a_plain_sort(documents: int, labels: int, k: int, dtype: type):
    scores = np.random.default_rng(0).integers(0, 4, (documents, labels)).astype(dtype) / 4  # many ties
    table = prediction_table(range(documents), scores, sparse.csr_array((documents, labels)), k).to_pydict()
    assert table["top_labels"] == plain_loop(scores, k)
    expected = [
        [row[label] for label in best] for row, best in zip(scores, plain_loop(scores, k), strict=True)
    ]
    assert table["top_scores"] == expected


def test_a_score_that_is_no_number_has_no_place_among_the_best():
    with pytest.raises(WorkbenchError, match="NaN"):
        prediction_table(["a"], np.array([[0.1, np.nan]]), sparse.csr_array((1, 2)), top_k=1)


def test_the_table_lists_gold_labels_in_order_and_none_as_an_empty_list():
    gold = sparse.csr_array((np.ones(3, np.uint8), [3, 0, 1], [0, 2, 2, 3]), shape=(3, 4))
    table = prediction_table(["a", "b", "c"], np.eye(3, 4), gold, top_k=2).to_pydict()
    assert table["gold_labels"] == [[0, 3], [], [1]]
    assert table["top_labels"] == [[0, 1], [1, 0], [2, 0]]
    assert table["top_scores"] == [[1.0, 0.0]] * 3
