from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.runs import predictions
from workbench.runs.predictions import best_labels, prediction_table


def plain_loop(scores: np.ndarray, k: int) -> list[list[int]]:
    return [sorted(range(len(row)), key=lambda label, row=row: (-row[label], label))[:k] for row in scores]


@pytest.mark.parametrize(
    ("documents", "labels", "k"), [(1, 1, 1), (7, 5, 3), (7, 5, 9), (40, 30, 5), (0, 3, 2)]
)
@pytest.mark.parametrize("dtype", [np.float64, np.float16])
def test_best_labels_agree_with_a_plain_sort(documents: int, labels: int, k: int, dtype: type):
    scores = np.random.default_rng(0).integers(0, 4, (documents, labels)).astype(dtype) / 4  # many ties
    assert best_labels(scores, k).tolist() == plain_loop(scores, k)


def test_blocks_of_rows_change_nothing(monkeypatch: pytest.MonkeyPatch):
    scores = np.random.default_rng(0).random((23, 6))
    whole = best_labels(scores, 4)
    monkeypatch.setattr(predictions, "_CELLS_AT_ONCE", 13)
    np.testing.assert_array_equal(best_labels(scores, 4), whole)


def test_the_table_lists_gold_labels_in_order_and_none_as_an_empty_list():
    gold = sparse.csr_array((np.ones(3, np.uint8), [3, 0, 1], [0, 2, 2, 3]), shape=(3, 4))
    table = prediction_table(["a", "b", "c"], np.eye(3, 4), gold, top_k=2).to_pydict()
    assert table["gold_labels"] == [[0, 3], [], [1]]
    assert table["top_labels"] == [[0, 1], [1, 0], [2, 0]]
    assert table["top_scores"] == [[1.0, 0.0]] * 3
