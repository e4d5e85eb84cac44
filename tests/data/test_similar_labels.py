from __future__ import annotations

import pytest

from workbench.data.similar_labels import folded, listed_spelling, spellings


@pytest.mark.parametrize(
    ("one", "other", "are_alike"),
    [
        ("Street  Food ", "street food", True),
        ("Straße", "STRASSE", True),
        ("cr\u00eape", "cre\u0302pe", True),
        ("m\u00b2", "m2", False),
        ("baking", "bakin", False),
        ("a-b", "a b", False),
    ],
)
def test_what_is_alike(one: str, other: str, are_alike: bool) -> None:
    assert (folded(one) == folded(other)) == are_alike


def test_the_spelling_of_most_documents_comes_first_then_the_alphabet() -> None:
    counts = {"x": 9, "Bread": 1, "bread": 3, "BREAD": 1, "y": 2, "Y": 2}
    assert spellings(counts) == [["bread", "BREAD", "Bread"], ["Y", "y"]]
    assert spellings(counts, listed=["Bread"])[0] == ["Bread", "bread", "BREAD"]
    assert spellings({}) == spellings({"a": 1, "b": 1}) == []


def test_a_lists_spelling_stands_once() -> None:
    assert listed_spelling(["BREAD", "bread", "soup"], {"bread": "Bread"}) == ("Bread", "soup")
