"""Sentences with open slots, expanded from the moves of grammar.toml.

A template such as "We [prove|show] that {topic} [holds|fails][ for {object}|]" is parsed once into strings,
slots and choices (which nest), and expanded by drawing one branch of each choice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from workbench.data.demo.draws import Draws
from workbench.data.demo.vocabulary import grammar_tables

_TOKEN = re.compile(r"[\[\]|]|\{[^}]*\}|[^\[\]|{}]+")


@dataclass(frozen=True)
class Slot:
    """A place for a word: its role, or a kind of number, and how the word is to be inflected.

    Attributes:
        role: "topic", "object", …, or "percent", "count", "few", "factor".
        form: "" as it stands, "a" with the indefinite article, "plural", "open" to a word before it ("some").
        is_other: the word comes from a label that the document does not have.
    """

    role: str
    form: str = ""
    is_other: bool = False


@dataclass(frozen=True)
class _Choice:
    branches: tuple[_Sequence, ...]


_Sequence = tuple["str | Slot | _Choice", ...]
Open = list["str | Slot"]  # a sentence whose slots are not yet filled


def expand_plan(draws: Draws, aside: float) -> list[Open]:
    """The sentences of one abstract, in order, with their slots open.

    Args:
        draws: where the choices come from.
        aside: the probability of one more sentence, about what the document does not treat.
    """
    weights, plans, moves = _compiled()
    plan = list(plans[draws.weighted(weights)])
    if draws.chance(aside):
        plan.insert(1 + draws.below(len(plan)), "aside")
    templates: list[_Sequence] = []
    for move in plan:
        templates.append(draws.one_of([template for template in moves[move] if template not in templates]))
    return [_expand(template, draws) for template in templates]


def with_article(phrase: str) -> str:
    """The phrase with "a" or "an" before it, by sound rather than by letter."""
    sounds_like_vowel = phrase[0].lower() in "aeiou" and not re.match(r"uni|use|eu|one", phrase.lower())
    return f"{'an' if sounds_like_vowel else 'a'} {phrase}"


def plural(phrase: str) -> str:
    """The phrase with its last word in the plural."""
    if phrase.endswith("sis"):
        return f"{phrase[:-2]}es"
    if re.search(r"[^aeiou]y$", phrase):
        return f"{phrase[:-1]}ies"
    return phrase + ("es" if re.search(r"(s|x|z|ch|sh)$", phrase) else "s")


@cache
def _compiled() -> tuple[list[int], list[list[str]], dict[str, list[_Sequence]]]:
    tables = grammar_tables()
    moves = {
        move: [_parse(template) for template in templates] for move, templates in tables["moves"].items()
    }
    plans = tables["plans"]
    return [plan["weight"] for plan in plans], [plan["moves"] for plan in plans], moves


def _parse(template: str) -> _Sequence:
    tokens = _TOKEN.findall(template)[::-1]
    branches = _branches(tokens)
    if tokens or len(branches) != 1 or template.count("[") != template.count("]"):
        raise ValueError(f"Unbalanced brackets in the template {template!r}.")
    return branches[0]


def _branches(tokens: list[str]) -> tuple[_Sequence, ...]:
    """Read branches up to the closing bracket (or the end), which is taken off `tokens`, last token first."""
    branches: list[list[str | Slot | _Choice]] = [[]]
    while tokens and (token := tokens.pop()) != "]":
        if token == "|":
            branches.append([])
        elif token == "[":
            branches[-1].append(_Choice(_branches(tokens)))
        else:
            branches[-1].append(_slot(token[1:-1]) if token[0] == "{" else token)
    return tuple(tuple(branch) for branch in branches)


def _slot(name: str) -> Slot:
    role = name.removeprefix("other.")
    forms = {"method": "a", "other.method": "a", "methods": "plural", "object": "open"}
    form = forms.get(name, "")
    role = "method" if form == "plural" else role.removesuffix(":bare")
    return Slot(role, form, name.startswith("other."))


def _expand(sequence: _Sequence, draws: Draws) -> Open:
    parts: Open = []
    for part in sequence:
        if isinstance(part, _Choice):
            parts.extend(_expand(draws.one_of(part.branches), draws))
        else:
            parts.append(part)
    return parts
