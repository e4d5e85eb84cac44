from __future__ import annotations

import pytest

from workbench.llm.base import Completion
from workbench.llm.filters import (
    Duplicates,
    Leaks,
    fault_of_form,
    is_empty,
    is_refused,
    is_too_long,
    normalised,
)


def said(text, tokens=None, finish="stop"):
    return Completion(text, "p", "m", None, tokens, finish)


@pytest.mark.parametrize("text, empty", [("", True), ("…", True), ("Yes.", True), ("Two words", False)])
def test_empty(text, empty):
    assert is_empty(said(text)) is empty


@pytest.mark.parametrize(
    "text, refused",
    [
        ("I'm sorry, but I can't help with that.", True),
        ("I’m sorry, no.", True),
        ("As an AI language model, I have no documents.", True),
        ("I cannot write this document.", True),
        ("We show that this cannot be approximated.", False),
        ("The council cannot adopt it. " * 8 + "I cannot say more.", False),
    ],
)
def test_refused(text, refused):
    assert is_refused(said(text)) is refused


def test_what_the_server_withheld_is_refused():
    assert is_refused(said("", finish="refused"))


@pytest.mark.parametrize(
    "answer, long",
    [
        (said("x" * 40), False),
        (said("x" * 41), True),
        (said("x" * 400, tokens=10), False),
        (said("short", tokens=11), True),
        (said("short", finish="length"), True),
    ],
)
def test_too_long(answer, long):
    assert is_too_long(answer, 10) is long


@pytest.mark.parametrize(
    "answer, fault",
    [
        (said("", finish="refused"), "refused"),
        (said("a"), "empty"),
        (said("word " * 99), "too long"),
        (said("two words"), None),
    ],
)
def test_the_first_fault_is_the_one_that_counts(answer, fault):
    assert fault_of_form(answer, 10) == fault


def test_texts_are_the_same_whatever_their_case_signs_and_blanks():
    assert normalised(" The  Soup,\nis – HOT! ") == "the soup is hot"
    seen = Duplicates(["The soup is hot."])
    assert not seen.is_new("the soup is hot")
    assert seen.is_new("The bread is hot.")
    assert not seen.is_new("THE BREAD is hot!")


CODES = ["cs.IR", "7937.0", "GCAT", "salt", "earn", "food-safety"]
NAMES = ["Retrieval", "farms", "general", "salt", "Earnings", "food safety"]


@pytest.mark.parametrize(
    "text, leaking",
    [
        ("A paper of the class cs.IR.", True),
        ("A paper (CS.IR) on search", True),
        ("Category: 7937.0", True),
        ("It is GCAT news.", True),
        ("Salt is a code and a word.", False),
        ("They earn and earn.", False),
        ("Retrieval of texts", False),
        ("about cs.IRX and x7937.0", False),
        ("food-safety is written so in a training document", False),
        ("Sure: the length is approximately 90 tokens, as asked", True),
    ],
)
def test_codes_and_criteria_give_a_document_away(text, leaking):
    documents = ["They earn money.", "On food-safety, again."]
    leaks = Leaks(CODES, NAMES, documents, ["The length is approximately"])
    assert leaks.is_leaking(text) is leaking
