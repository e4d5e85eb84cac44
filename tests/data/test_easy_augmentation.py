from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from workbench.data.easy_augmentation import (
    OPERATIONS,
    EasyAugmentation,
    eda,
    random_deletion,
    random_insertion,
    random_swap,
    synonym_replacement,
)
from workbench.errors import WorkbenchError

SYNONYMS = {
    "quick": ["fast"],
    "fox": ["vixen", "wolf"],
    "the": ["a"],  # a stop word: never used
    "été": ["hiver"],
    "nato": ["pact"],
}
WORDS = ["The", "quick", "brown", "fox", "jumps", "over", "the", "lazy", "dog"]


def draws(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", range(20))
def test_replaced_are_words_with_synonyms_and_no_stop_words(seed):
    changed = synonym_replacement(WORDS, 1, SYNONYMS, draws(seed))
    (at,) = [place for place in range(len(WORDS)) if changed[place] != WORDS[place]]
    assert (WORDS[at], changed[at]) in [("quick", "fast"), ("fox", "vixen"), ("fox", "wolf")]
    both = synonym_replacement(WORDS, 9, SYNONYMS, draws(seed))
    assert both[:3] == ["The", "fast", "brown"]
    assert both[3] in SYNONYMS["fox"]
    assert both[4:] == WORDS[4:]


def test_every_synonym_and_place_is_drawn():
    found = Counter(" ".join(synonym_replacement(WORDS, 1, SYNONYMS, draws(seed))[:4]) for seed in range(200))
    assert set(found) == {"The fast brown fox", "The quick brown vixen", "The quick brown wolf"}
    assert 60 < found["The fast brown fox"] < 140


def test_a_replacement_keeps_signs_and_capitals():
    words = ["“Quick,", "(FOX)", "L'été", "Été…", "NATO's", "NATO."]
    assert synonym_replacement(words, 6, SYNONYMS | {"fox": ["wolf"]}, draws()) == [
        "“Fast,",
        "(WOLF)",
        "L'été",
        "Hiver…",
        "NATO's",
        "PACT.",
    ]


@pytest.mark.parametrize("seed", range(10))
def test_inserted_are_synonyms_of_words_that_stay(seed):
    changed = random_insertion(WORDS, 3, SYNONYMS, draws(seed))
    assert len(changed) == len(WORDS) + 3
    added = Counter(changed) - Counter(WORDS)
    assert added.total() == 3
    assert set(added) <= {"fast", "vixen", "wolf"}
    rest = iter(changed)
    assert all(word in rest for word in WORDS)  # in their order


def test_insertion_reaches_both_ends():
    found = {tuple(random_insertion(["quick"], 1, SYNONYMS, draws(seed))) for seed in range(30)}
    assert found == {("fast", "quick"), ("quick", "fast")}


@pytest.mark.parametrize("seed", range(10))
def test_a_swap_keeps_the_multiset_of_words_and_changes_two_places(seed):
    words = [f"w{number}" for number in range(8)]
    changed = random_swap(words, 1, draws(seed))
    assert Counter(changed) == Counter(words)
    assert sum(one != other for one, other in zip(words, changed, strict=True)) == 2
    assert Counter(random_swap(WORDS, 7, draws(seed))) == Counter(WORDS)


def test_all_pairs_are_swapped_alike_often():
    found = Counter(tuple(random_swap(["a", "b", "c"], 1, draws(seed))) for seed in range(600))
    assert set(found) == {("b", "a", "c"), ("c", "b", "a"), ("a", "c", "b")}
    assert min(found.values()) > 150


def test_deletion_draws_each_word_and_keeps_their_order():
    words = [f"w{number}" for number in range(2000)]
    kept = random_deletion(words, 0.3, draws(3))
    drawn = draws(3).random(2000)
    assert kept == [word for word, one in zip(words, drawn, strict=True) if one >= 0.3]
    assert 1300 < len(kept) < 1500


@pytest.mark.parametrize("seed", range(10))
def test_deletion_never_leaves_nothing(seed):
    (kept,) = random_deletion(WORDS, 1.0, draws(seed))
    assert kept in WORDS
    assert random_deletion(["alone"], 1.0, draws(seed)) == ["alone"]
    assert random_deletion([], 1.0, draws(seed)) == []


@pytest.mark.parametrize("first", range(4))
def test_a_rate_of_nothing_changes_nothing_not_even_white_space(first):
    text = "  The quick\n\nbrown   fox "
    assert eda(text, SYNONYMS, 0.0, draws(), order=[first]) == text


def test_how_many_words_change_follows_the_rate():
    words = [f"w{number}" for number in range(40)]
    synonyms = {word: [word.upper()] for word in words}
    changed = eda(" ".join(words), synonyms, 0.1, draws(), order=[0]).split()
    assert sum(word.isupper() for word in changed) == 4
    assert len(eda(" ".join(words), synonyms, 0.1, draws(), order=[1]).split()) == 44
    assert sum(word.isupper() for word in eda("w1 w2 w3", synonyms, 0.1, draws(), order=[0]).split()) == 1


def test_what_cannot_change_stays_and_the_next_operation_is_tried():
    assert eda("", SYNONYMS, 0.5, draws()) == ""
    assert eda(" \n", SYNONYMS, 0.5, draws()) == " \n"
    assert eda("alone", SYNONYMS, 0.5, draws()) == "alone"
    assert eda("quick", {}, 1.0, draws()) == "quick"
    assert eda("the the the", SYNONYMS, 0.5, draws(), order=[0, 1, 2]) == "the the the"
    assert eda("two words", {}, 0.1, draws(), order=[0, 1, 2]) == "words two"
    assert eda("été", SYNONYMS, 0.1, draws(), order=[3, 2, 0]) == "hiver"


def test_a_copy_depends_on_seed_id_and_number_alone():
    texts, ids = [" ".join(WORDS)] * 5, ["a", "b", "c", "d", "ü\ud800"]
    augment = EasyAugmentation(SYNONYMS, 0.3, seed=1)
    once = augment(texts, ids, 0)
    assert augment(texts[::-1], ids[::-1], 0) == once[::-1]
    assert [augment([text], [name], 0)[0] for text, name in zip(texts, ids, strict=True)] == once
    assert len(set(once)) > 1
    assert augment(texts, ids, 1) != once
    assert EasyAugmentation(SYNONYMS, 0.3, seed=2)(texts, ids, 0) != once


def test_four_copies_of_a_document_are_made_in_four_ways_and_documents_share_them_evenly():
    words = [f"w{number}" for number in range(10)]
    synonyms = {word: ["new"] for word in words}
    augment = EasyAugmentation(synonyms, 0.3)

    def way(text: str) -> str:
        changed = text.split()
        if len(changed) > 10:
            return "random insertion"
        if "new" in changed:
            return "synonym replacement"
        return "random swap" if sorted(changed) == words else "random deletion"

    ids = [f"d{number}" for number in range(400)]
    firsts = Counter(map(way, augment([" ".join(words)] * 400, ids, 0)))
    assert set(firsts) == set(OPERATIONS)
    assert min(firsts.values()) > 60
    each = [{way(augment([" ".join(words)], [name], copy)[0]) for copy in range(4)} for name in ids[:50]]
    assert sum(ways == set(OPERATIONS) for ways in each) >= 45  # a deletion may delete nothing


@pytest.mark.parametrize("rate", [0.0, -0.1, 1.01, float("nan")])
def test_impossible_rates_are_refused(rate):
    with pytest.raises(WorkbenchError, match=r"such as 0\.1"):
        EasyAugmentation({}, rate)
