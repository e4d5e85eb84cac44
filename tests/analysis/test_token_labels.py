from __future__ import annotations

import numpy as np

from workbench.analysis.token_labels import token_label_table, weighing_most

TEXT = "two small words"
SPANS = np.array([[0, 0], [0, 3], [4, 9], [10, 15], [15, 15]])  # framed by tokens of no character


def test_the_heaviest_tokens_stay_in_the_order_of_the_text():
    weights = np.array([9.0, 0.1, 0.3, 0.2, 9.0])
    assert weighing_most(SPANS, weights, 2).tolist() == [2, 3]
    assert weighing_most(SPANS, weights, 99).tolist() == [1, 2, 3]
    assert weighing_most(SPANS, weights, 0).tolist() == []


def test_of_equal_weights_the_first_tokens_are_shown():
    assert weighing_most(SPANS, np.zeros(5), 2).tolist() == [1, 2]


def test_a_text_of_no_character_has_none():
    assert weighing_most(np.array([[0, 0], [0, 0]]), np.ones(2), 5).tolist() == []


def test_the_table_has_a_row_for_each_token():
    weights, with_a = np.array([0, 0.1, 0.3, 0.2, 0]), np.array([0, -0.5, 0.25, 1, 0])
    table = token_label_table(TEXT, SPANS, weights, {"a": with_a})
    assert list(table.columns) == ["token", "from", "to", "weight", "with a"]
    assert table["token"].tolist() == ["", "two", "small", "words", ""]
    assert table["weight"].tolist() == weights.tolist()
    assert table["with a"].tolist() == with_a.tolist()
