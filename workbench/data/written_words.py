"""Words as they stand in a text between white space: with the signs around them, and without."""

from __future__ import annotations

import re

_PARTS = re.compile(r"(\W*)(.*?)(\W*)", flags=re.DOTALL)

_STOP_WORDS = """
a about above after again against all also am an and any are as at be because been before being below
between both but by can cannot could did do does doing down during each few for from further had has have
having he her here hers herself him himself his how i if in into is it its itself just may me might more
most must my myself no nor not now of off on once only or other our ours ourselves out over own same
shall she should so some such than that the their theirs them themselves then there these they this those
through to too under until up upon very was we were what when where which while who whom why will with
within without would you your yours yourself yourselves aren't can't couldn't didn't doesn't don't hadn't
hasn't haven't i'm i've isn't it's let's shouldn't that's wasn't weren't won't wouldn't
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
"""English words that say little about a topic: articles, pronouns, prepositions, auxiliaries, negations."""


def apart(word: str) -> tuple[str, str, str]:
    """The signs before a word, the word, the signs after it: ('"', "so-called", '",')."""
    found = _PARTS.fullmatch(word)
    assert found is not None  # the pattern matches any string
    before, inner, after = found.groups()
    return before, inner, after


def core(word: str) -> str:
    """A word in small letters without the signs around it; nothing of a word that is signs alone."""
    return word.lower() if word.isalnum() else apart(word)[1].lower()
