"""Abstracts: the slots of a plan's sentences filled with words of the document's labels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from workbench.data.demo.draws import Draws
from workbench.data.demo.grammar import Open, Slot, expand_plan, plural, with_article
from workbench.data.demo.labelling import LabelSampler, Noise
from workbench.data.demo.vocabulary import ROLES, Vocabulary

MAIN_WEIGHT = 1.5  # how many words the main label gets for each word of a companion
SOURCES = (0.3, 0.4, 0.3)  # a label's own words, words it shares with a few labels, words of its area
RIVAL_SHARE = 0.5  # of the asides that speak of a label which shares words with the main one
MODIFIED = 0.15  # of the objects that can take "some", "certain", …
_NUMBERS = {
    "percent": [str(number) for number in (3, 4, 6, 7, 9, 11, 12, 14, 17, 19, 21, 23, 26, 28, 31, 35, 40)],
    "count": ["24", "48", "120", "300", "more than 1,000", "2,400", "some 5,000", "12,000", "nearly 40,000"],
    "few": ["two", "three", "four", "five", "six", "eight", "ten", "twelve"],
    "factor": ["two", "three", "five", "eight", "ten", "twenty"],
}


class Writer:
    """Writes the text of a document from its labels."""

    def __init__(self, words: Vocabulary, sampler: LabelSampler, noise: Noise) -> None:
        self._words, self._sampler, self._noise = words, sampler, noise

    def write(self, labels: tuple[int, ...], draws: Draws) -> str:
        """An abstract about `labels` (numbers, the main one first) in which each of them has a word."""
        sentences = expand_plan(draws, self._noise.aside)
        slots = [part for part in chain.from_iterable(sentences) if isinstance(part, Slot)]
        topics = iter(self._assign(sum(s.role in ROLES and not s.is_other for s in slots), labels, draws))
        other = self._other(labels, draws)
        used: set[str] = set()
        return " ".join(self._fill(sentence, topics, other, used, draws) for sentence in sentences)

    def _assign(self, n_slots: int, labels: tuple[int, ...], draws: Draws) -> list[int | None]:
        """For each slot the label whose word it takes, None for a word about nothing."""
        assigned: list[int | None] = list(labels[:n_slots])
        while len(assigned) < n_slots:
            if draws.chance(self._noise.generic):
                assigned.append(None)
            elif draws.chance(self._noise.stray):
                assigned.append(self._sampler.stranger(labels, draws))
            else:
                assigned.append(labels[draws.weighted([MAIN_WEIGHT] + [1] * (len(labels) - 1))])
        draws.shuffle(assigned)
        return assigned

    def _other(self, labels: tuple[int, ...], draws: Draws) -> int:
        rivals = [rival for rival in self._sampler.rivals(labels[0]) if rival not in labels]
        if rivals and draws.chance(RIVAL_SHARE):
            return draws.one_of(rivals)
        return self._sampler.stranger(labels, draws)

    def _fill(
        self, sentence: Open, topics: Iterator[int | None], other: int, used: set[str], draws: Draws
    ) -> str:
        parts = []
        for part in sentence:
            if isinstance(part, str):
                parts.append(part)
            elif part.role in _NUMBERS:
                parts.append(draws.one_of(_NUMBERS[part.role]))
            else:
                word = self._fresh_word(other if part.is_other else next(topics), part.role, used, draws)
                parts.append(self._inflected(word, part.form, draws))
        text = "".join(parts)
        return text[0].upper() + text[1:]

    def _fresh_word(self, label: int | None, role: str, used: set[str], draws: Draws) -> str:
        """A word that the text does not hold yet, unless several attempts give none."""
        for _ in range(8):
            word = self._word(label, role, draws)
            if word not in used:
                break
        used.add(word)
        return word

    def _word(self, label: int | None, role: str, draws: Draws) -> str:
        if label is None:
            return draws.one_of(self._words.generic[role])
        code = self._words.codes[label]
        sources = (self._words.own[code], self._words.shared[code], self._words.area[code])
        words = sources[draws.weighted(SOURCES)][role] or self._words.own[code][role]
        return words[draws.weighted(_LAW[len(words)])]

    def _inflected(self, word: str, form: str, draws: Draws) -> str:
        if form == "open" and draws.chance(MODIFIED):
            return f"{draws.one_of(self._words.modifiers)} {word}"
        return with_article(word) if form == "a" else plural(word) if form == "plural" else word


_LAW = [[1 / (rank + 1.5) for rank in range(n)] for n in range(40)]  # Zipf within a list of words
