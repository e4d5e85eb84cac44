from __future__ import annotations

import re
from collections import Counter

import pytest

from workbench.data.demo.draws import Draws
from workbench.data.demo.grammar import Slot, _expand, _parse, expand_plan, plural, with_article
from workbench.data.demo.vocabulary import ROLES, grammar_tables, vocabulary


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("graph cut", "a graph cut"),
        ("active contour", "an active contour"),
        ("unit commitment model", "a unit commitment model"),
        ("user simulator", "a user simulator"),
        ("Energy-based model", "an Energy-based model"),
        ("one-pass scheme", "a one-pass scheme"),
    ],
)
def test_article(phrase: str, expected: str) -> None:
    assert with_article(phrase) == expected


@pytest.mark.parametrize(
    ("phrase", "expected"),
    [
        ("graph cut", "graph cuts"),
        ("connectivity analysis", "connectivity analyses"),
        ("quarantine policy", "quarantine policies"),
        ("signal ray", "signal rays"),
        ("beam search", "beam searches"),
        ("contact matrix", "contact matrixes"),
    ],
)
def test_plural(phrase: str, expected: str) -> None:
    assert plural(phrase) == expected


def test_choices_nest_and_an_empty_branch_leaves_nothing() -> None:
    draws = Draws(0, "test")
    template = _parse("We [prove[ again|]|show] it[ for {object}|].")
    seen = {
        "".join(part if isinstance(part, str) else f"<{part.role}>" for part in _expand(template, draws))
        for _ in range(300)
    }
    starts = ("We prove again it", "We prove it", "We show it")
    assert seen == {start + end for start in starts for end in (".", " for <object>.")}


@pytest.mark.parametrize("template", ["a [b", "a ] b", "[a|[b]"])
def test_unbalanced_brackets_are_an_error(template: str) -> None:
    with pytest.raises(ValueError, match="Unbalanced"):
        _parse(template)


def test_every_slot_and_move_of_the_grammar_is_known() -> None:
    tables = grammar_tables()
    names = {
        name
        for templates in tables["moves"].values()
        for t in templates
        for name in re.findall(r"\{(.*?)\}", t)
    }
    known = {*ROLES, "methods", "object:bare", "method:bare", "percent", "count", "few", "factor"}
    assert {name.removeprefix("other.") for name in names} <= known
    assert {move for plan in tables["plans"] for move in plan["moves"]} | {"aside"} == set(tables["moves"])


def test_a_plan_has_at_least_three_sentences_and_no_template_twice() -> None:
    draws = Draws(0, "test")
    plans = [expand_plan(draws, aside=0.0) for _ in range(200)]
    assert {len(plan) for plan in plans} <= {3, 4, 5, 6}
    slots = [sum(isinstance(p, Slot) for sentence in plan for p in sentence) for plan in plans]
    assert min(slots) >= 2
    assert all(len(expand_plan(draws, aside=1.0)) >= 4 for _ in range(50))


def test_each_label_has_words_of_every_role_and_no_word_of_another_label_by_accident() -> None:
    words = vocabulary()
    assert all(words.own[code][role] for code in words.codes for role in ROLES)
    owners = Counter(word for code in words.codes for role in ROLES for word in words.own[code][role])
    assert owners.most_common(1)[0][1] == 1
    shared = words.shared_words()
    assert not set(owners) & set(shared)
    assert all(len(codes) > 1 for codes in shared.values())


def test_pairs_name_known_labels_and_exclude_each_other() -> None:
    words = vocabulary()
    explicit = {frozenset(pair[:2]) for pair in words.explicit}
    implicit = {frozenset(pair[:2]) for pair in words.implicit}
    assert set().union(*explicit, *implicit) <= set(words.codes)
    assert not explicit & implicit
    assert len(explicit) >= 12
    assert len(implicit) >= 8
    assert all(0 < probability <= 1 for *_, probability in words.explicit)


def test_draws_are_a_fixed_stream() -> None:
    draws = Draws(0, "labels")
    items = list(range(8))
    draws.shuffle(items)
    assert sorted(items) == list(range(8))
    assert [Draws(0, "a").below(1000) for _ in range(2)] == [Draws(0, "a").below(1000)] * 2
    assert Draws(0, "a").below(10**9) != Draws(0, "b").below(10**9)
    assert Counter(draws.weighted([1, 0, 3]) for _ in range(4000))[1] == 0
    assert Counter(draws.weighted([1, 0, 3]) for _ in range(4000))[2] == pytest.approx(3000, rel=0.1)
