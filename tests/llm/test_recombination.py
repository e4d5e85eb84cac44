from __future__ import annotations

import pytest

from workbench.data.demo.draws import Draws
from workbench.llm.base import estimated_tokens
from workbench.llm.recombination import Recombination, split_sentences


@pytest.fixture
def recombination(kitchen):
    words = [["dough", "bread", "yeast"], ["soup", "pot"], ["knives", "onions"], []]
    return Recombination(kitchen.train.texts, kitchen.train.targets, words)


@pytest.mark.parametrize(
    "text, sentences",
    [
        ("One. Two! Three?", ("One.", "Two!", "Three?")),
        ("No stop", ("No stop",)),
        ("A line\nand another", ("A line", "and another")),
        ("", ("",)),
        ("about 3.5 per cent", ("about 3.5 per cent",)),
    ],
)
def test_sentences(text, sentences):
    assert split_sentences(text) == sentences


def test_a_long_text_without_full_stops_is_cut_at_commas_and_loses_nothing():
    text = " , ".join(" ".join(f"w{clause}{word}" for word in range(9)) for clause in range(8))
    parts = split_sentences(text)
    assert len(parts) > 2
    assert " ".join(parts) == text
    assert all(12 <= len(part.split()) <= 21 for part in parts[:-1])


def test_every_sentence_comes_from_a_document_with_one_of_the_labels(kitchen, recombination):
    words = {word for row in (0, 1, 2, 3, 4) for word in kitchen.train.texts[row].split()}
    strange = set(kitchen.train.texts[5].split()) - words
    for repetition in range(30):
        text = recombination.generated(3, (0, 1), 200, Draws(0, f"{repetition}"))
        assert set(text.split()) & strange == set()
        sentences = split_sentences(text)
        assert 1 <= len(sentences) <= 3
        assert len(set(sentences)) == len(sentences)


def test_a_document_of_no_label_has_its_own_sentences(kitchen, recombination):
    text = recombination.generated(5, (), 200, Draws(0, "x"))
    assert set(split_sentences(text)) <= set(split_sentences(kitchen.train.texts[5]))


def test_a_document_is_no_longer_than_allowed(recombination):
    for repetition in range(20):
        text = recombination.generated(0, (0,), 8, Draws(1, f"{repetition}"))
        assert estimated_tokens(text) <= 8


def test_a_rewritten_document_has_its_own_sentences_with_words_of_equal_ending_exchanged(recombination):
    own = "Knives cut onions. Onions go into the pot. Sharpen the knives."
    words = {word.strip(".").lower() for word in own.split()}
    texts = {recombination.rewritten(4, (2,), Draws(0, f"{repetition}")) for repetition in range(20)}
    assert len(texts) > 1
    for text in texts:
        assert len(split_sentences(text)) == 3
        assert {word.strip(".").lower() for word in text.split()} <= words
