from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from workbench.encoders.tokens import CHUNK, TokenTable, tokenize
from workbench.encoders.vocabulary import PAD_ID, UNKNOWN_ID, fit_word_tokenizer, words_in_order


def read(tokenizer: Tokenizer, texts: list[str], max_length: int = 10) -> TokenTable:
    return tokenize(tokenizer, texts, max_length=max_length, pad_id=PAD_ID, empty_id=UNKNOWN_ID)


def test_words_are_ordered_by_count_and_then_by_alphabet():
    tokenizer = fit_word_tokenizer(["b a a C", "c zebra, b"], min_count=1)
    assert words_in_order(tokenizer) == ["[PAD]", "[UNK]", "a", "b", "c", ",", "zebra"]


def test_rare_words_are_unknown_and_the_vocabulary_is_capped():
    texts = ["a a a b b c"]
    assert words_in_order(fit_word_tokenizer(texts, min_count=2)) == ["[PAD]", "[UNK]", "a", "b"]
    assert words_in_order(fit_word_tokenizer(texts, min_count=1, max_words=1)) == ["[PAD]", "[UNK]", "a"]


def test_tokenizing_truncates_lower_cases_and_never_leaves_a_row_empty():
    tokenizer = fit_word_tokenizer(["a b"], min_count=1)
    table = read(tokenizer, ["A b new", "", "  \n", "a b a b a"], max_length=4)
    assert [table[row].tolist() for row in range(4)] == [[2, 3, 1], [1], [1], [2, 3, 2, 3]]
    assert table.lengths.tolist() == [3, 1, 1, 4]


def test_lone_surrogates_are_read_as_question_marks():
    tokenizer = fit_word_tokenizer(["a ?", "\ud800 a"], min_count=1)
    assert read(tokenizer, ["a \ud800"])[0].tolist() == read(tokenizer, ["a ?"])[0].tolist()


def test_more_texts_than_a_chunk_keep_their_order():
    tokenizer = fit_word_tokenizer(["a b c d"], min_count=1)
    texts = ["abcd"[row % 4] for row in range(CHUNK + 5)]
    table = read(tokenizer, texts)
    assert len(table) == CHUNK + 5
    assert table.flat.tolist() == [2 + row % 4 for row in range(CHUNK + 5)]


def test_a_batch_is_padded_on_the_right_to_its_longest_row():
    table = TokenTable.from_lists([[5, 6, 7], [8], [9, 4]], pad_id=3)
    batch = table.batch(np.array([2, 1]))
    assert batch["input_ids"].tolist() == [[9, 4], [8, 3]]
    assert batch["attention_mask"].tolist() == [[1, 1], [1, 0]]


def test_no_texts_at_all():
    table = read(fit_word_tokenizer([]), [])
    assert len(table) == 0
    assert table.batch([])["input_ids"].shape == (0, 0)


@pytest.mark.parametrize("rows", [[0], [1, 0], [2, 2]])
def test_rows_come_in_the_order_asked_for(rows):
    documents = [[5, 6, 7], [8], [9, 4]]
    batch = TokenTable.from_lists(documents).batch(rows)
    for place, row in enumerate(rows):
        assert batch["input_ids"][place][batch["attention_mask"][place].bool()].tolist() == documents[row]
