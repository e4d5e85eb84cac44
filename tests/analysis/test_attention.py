from __future__ import annotations

import numpy as np
import pytest

from workbench.analysis.attention import (
    Piece,
    attention_table,
    shaded_pieces,
    share_elsewhere,
    tokens_for_half,
)

TEXT = "Baking  bread, at home tonight"
SPANS = np.array([[0, 0], [0, 6], [8, 13], [13, 14], [15, 17], [0, 0]])
WEIGHTS = np.array([0.1, 0.2, 0.5, 0.05, 0.05, 0.1])


def test_pieces_are_the_text_again_with_shares_on_tokens():
    pieces = shaded_pieces(TEXT, SPANS, WEIGHTS)
    assert "".join(piece.text for piece in pieces) == TEXT
    assert pieces == [
        Piece("Baking", 0.2),
        Piece("  ", None),
        Piece("bread", 0.5),
        Piece(",", 0.05),
        Piece(" ", None),
        Piece("at", 0.05),
        Piece(" home tonight", None, is_read=False),
    ]


def test_white_space_behind_the_last_token_is_not_called_unread():
    assert shaded_pieces("one \n", np.array([[0, 3]]), np.array([1.0]))[-1] == Piece(" \n", None)


def test_tokens_of_one_character_become_one_piece():
    spans = np.array([[0, 1], [1, 2], [1, 2], [1, 2], [2, 4]])
    pieces = shaded_pieces("a中bc", spans, np.array([0.1, 0.2, 0.3, 0.1, 0.3]))
    assert [piece.text for piece in pieces] == ["a", "中", "bc"]
    assert [piece.share for piece in pieces] == pytest.approx([0.1, 0.6, 0.3])


@pytest.mark.parametrize("text", ["", "   "])
def test_a_text_without_tokens_has_all_its_attention_elsewhere(text):
    spans, weights = np.array([[0, 0]]), np.array([1.0])
    assert [piece.share for piece in shaded_pieces(text, spans, weights)] == [None] * bool(text)
    assert share_elsewhere(spans, weights) == 1


def test_the_share_elsewhere_is_that_of_tokens_without_characters():
    assert share_elsewhere(SPANS, WEIGHTS) == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("weights", "tokens"), [([1.0], 1), ([0.5, 0.3, 0.2], 1), ([0.25] * 4, 2), ([0.2, 0.45, 0.35], 2)]
)
def test_half_of_the_attention_lies_on_the_heaviest_tokens(weights, tokens):
    assert tokens_for_half(np.array(weights)) == tokens


def test_the_table_has_a_row_a_token_and_a_column_a_label():
    table = attention_table(TEXT, SPANS, {"bread": WEIGHTS, "token": WEIGHTS[::-1]})
    assert table.columns.tolist() == ["token", "from", "to", "attention: bread", "attention: token"]
    assert table["token"].tolist() == ["", "Baking", "bread", ",", "at", ""]
    assert table["attention: bread"].sum() == pytest.approx(1)
    assert table.loc[1, "attention: token"] == 0.05
