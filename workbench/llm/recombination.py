"""New documents from the sentences of old ones that share labels, without any language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse

from workbench.data.demo.draws import Draws
from workbench.llm.base import estimated_tokens

_LONG_SENTENCE = 50  # words; AAPD's texts have commas where full stops were
_SHORT_CLAUSE = 12
_ATTEMPTS = 8
_EXCHANGED = 0.4  # probability that a telling word of a sentence gives way to another of its label
_ENDINGS = ("ing", "ed", "ion", "s")


class Recombination:
    """Sentences of training documents, put together anew.

    Attributes:
        texts: of the training documents, N.
        targets: their labels (N, L).
        words: telling words of each label, L lists.
    """

    def __init__(
        self, texts: Sequence[str], targets: sparse.csr_array, words: Sequence[Sequence[str]]
    ) -> None:
        self.texts, self.targets, self.words = texts, targets, words
        self._by_label = targets.tocsc()
        self.sentences = lru_cache(maxsize=4096)(self._sentences)

    def generated(self, row: int, labels: Sequence[int], most_tokens: int, draws: Draws) -> str:
        """A document as long as the one at `row`, whose sentences come from documents with its labels.

        Each sentence comes from about the place in its document where it stands in the new one, and the
        labels take turns, so that every label of the document has a say.
        """
        length, order, chosen = max(2, len(self.sentences(row))), list(labels), list[str]()
        draws.shuffle(order)
        for place in range(length):
            label = order[place % len(order)] if order else None
            sentence = self._sentence(row, label, labels, place / (length - 1), chosen, draws)
            if chosen and estimated_tokens(" ".join([*chosen, sentence])) > most_tokens:
                break
            if sentence:
                chosen.append(sentence)
        return " ".join(chosen)

    def rewritten(self, row: int, labels: Sequence[int], draws: Draws) -> str:
        """The document at `row`: its own sentences in another order, some telling words exchanged."""
        sentences = [self._exchange(one, labels, draws) for one in self.sentences(row)]
        draws.shuffle(sentences)
        return " ".join(sentences)

    def _sentence(
        self, row: int, label: int | None, labels: Sequence[int], place: float, used: list[str], draws: Draws
    ) -> str:
        """A sentence from a document with the label that is not yet used; "" where none is found."""
        for _ in range(_ATTEMPTS):
            sentences = self.sentences(self._donor(row, label, labels, draws))
            wanted = round(place * (len(sentences) - 1)) + draws.below(3) - 1
            sentence = sentences[min(max(wanted, 0), len(sentences) - 1)]
            exchanged = self._exchange(sentence, labels, draws)
            if sentence not in used and exchanged not in used:
                return exchanged
        return ""

    def _donor(self, row: int, label: int | None, labels: Sequence[int], draws: Draws) -> int:
        """Of three documents with the label, drawn at random, the one with the most similar label set."""
        if label is None:
            return row
        rows = self._by_label.indices[self._by_label.indptr[label] : self._by_label.indptr[label + 1]]
        candidates = [int(draws.one_of(rows)) for _ in range(3)]
        return max(candidates, key=lambda one: self._similarity(one, labels))

    def _similarity(self, row: int, labels: Sequence[int]) -> float:
        own = self.targets.indices[self.targets.indptr[row] : self.targets.indptr[row + 1]]
        common = len(np.intersect1d(own, labels))
        return common / max(len(own) + len(labels) - common, 1)

    def _exchange(self, sentence: str, labels: Sequence[int], draws: Draws) -> str:
        """The sentence with one telling word in place of another of its label and ending, or as it is."""
        if not labels or not draws.chance(_EXCHANGED):
            return sentence
        words = self.words[draws.one_of(labels)]
        present = [word for word in words if re.search(rf"\b{re.escape(word)}\b", sentence)]
        if not present:
            return sentence
        word = draws.one_of(present)
        others = [one for one in words if one not in present and _ending(one) == _ending(word)]
        return re.sub(rf"\b{re.escape(word)}\b", draws.one_of(others), sentence) if others else sentence

    def _sentences(self, row: int) -> tuple[str, ...]:
        return split_sentences(self.texts[row])


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of a text; one without full stops is cut at commas. Never empty."""
    sentences = [one.strip() for one in re.split(r"(?<=[.!?])\s+|\n+", text) if one.strip()]
    return tuple(part for one in sentences for part in _clauses(one)) or ("",)


def _clauses(sentence: str) -> list[str]:
    if len(sentence.split()) <= _LONG_SENTENCE:
        return [sentence]
    clauses: list[str] = []
    for piece in re.split(r"(?<=[,;])\s+", sentence):
        if clauses and len(clauses[-1].split()) < _SHORT_CLAUSE:
            clauses[-1] = f"{clauses[-1]} {piece}"
        else:
            clauses.append(piece)
    return clauses


def _ending(word: str) -> str:
    return next((ending for ending in _ENDINGS if word.endswith(ending)), "")
