"""The taxonomy and the words of the built-in corpus, read from labels.toml, sharing.toml and grammar.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

ROLES = ("topic", "object", "task", "method", "measure", "setting")
Words = dict[str, tuple[str, ...]]  # role -> words, the more frequent first


@dataclass(frozen=True)
class Vocabulary:
    """Labels from the most to the least frequent, their words, and the pairs planted among them.

    Attributes:
        codes, names: L codes such as "lrn.DN" and names for people.
        own, shared, area: per code the words by role that are its own, of a few labels, of its whole area.
        generic: words by role that say nothing about labels.
        modifiers: words that may stand before an object.
        explicit: (a, b, probability that a document mainly about the rarer gets the other as next companion).
        implicit: (a, b, words that both use); a and b never stand on one document.
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    own: dict[str, Words]
    shared: dict[str, Words]
    area: dict[str, Words]
    generic: Words
    modifiers: tuple[str, ...]
    explicit: tuple[tuple[str, str, float], ...]
    implicit: tuple[tuple[str, str, tuple[str, ...]], ...]

    def words_of(self, code: str) -> tuple[str, ...]:
        """A label's own and shared words, without those of its area."""
        return (*_flat(self.own[code]), *_flat(self.shared[code]))

    def shared_words(self) -> dict[str, tuple[str, ...]]:
        """Each word of several labels with the codes of these labels."""
        users: dict[str, list[str]] = {}
        for code in self.codes:
            for word in _flat(self.shared[code]):
                users.setdefault(word, []).append(code)
        return {word: tuple(codes) for word, codes in users.items()}


@cache
def vocabulary() -> Vocabulary:
    """The words of the built-in corpus."""
    tables, sharing, grammar = _read("labels.toml"), _read("sharing.toml"), grammar_tables()
    labels, areas = tables["labels"], {name: _by_role(words) for name, words in tables["areas"].items()}
    groups = [(entry["pair"], _by_role(entry)) for entry in sharing["implicit"]]
    ambiguous = [(entry["labels"], _by_role(entry)) for entry in sharing["ambiguous"]]
    return Vocabulary(
        codes=tuple(labels),
        names=tuple(label["name"] for label in labels.values()),
        own={code: _by_role(label) for code, label in labels.items()},
        shared={
            code: _joined([words for users, words in groups + ambiguous if code in users]) for code in labels
        },
        area={code: areas[code.split(".")[0]] for code in labels},
        generic=_by_role(grammar["generic"]),
        modifiers=tuple(grammar["modifiers"]["objects"]),
        explicit=tuple((*entry["pair"], entry["probability"]) for entry in sharing["explicit"]),
        implicit=tuple((*pair, _flat(words)) for pair, words in groups),
    )


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath(name).read_text(encoding="utf-8"))


def grammar_tables() -> dict[str, Any]:
    """Plans and moves as they stand in grammar.toml."""
    return _read("grammar.toml")


def _by_role(table: dict[str, Any]) -> Words:
    return {role: tuple(table.get(f"{role}s", ())) for role in ROLES}


def _joined(tables: list[Words]) -> Words:
    return {role: tuple(word for table in tables for word in table[role]) for role in ROLES}


def _flat(words: Words) -> tuple[str, ...]:
    return tuple(word for role in ROLES for word in words[role])
