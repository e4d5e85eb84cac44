"""New documents from the sentences of old ones that share labels, without any language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from scipy import sparse

from workbench.data.demo.draws import Draws
from workbench.llm.base import estimated_tokens

_WORD = re.compile(r"\w+(?:-\w+)*")
_LONG_SENTENCE = 50  # words; AAPD's texts have commas where full stops were
_SHORT_CLAUSE = 12
_CANDIDATES = 6  # sentences that are drawn for each place, to choose from
_DONORS = 3  # documents that are drawn for each of them
_EXCHANGED = 0.2  # probability that a telling word of a sentence gives way to another of its label
_ENDINGS = ("ing", "ed", "ion", "s")  # words of equal ending can stand for each other, mostly


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
        self._sentences = lru_cache(maxsize=4096)(lambda row: split_sentences(self.texts[row]))
        self._labels = lru_cache(maxsize=65536)(self._labels_of)

    def generated(self, row: int, labels: Sequence[int], most_tokens: int, draws: Draws) -> str:
        """A document as long as the one at `row`, whose sentences come from documents with its labels.

        Each sentence comes from about the place in its document where it stands in the new one. The labels
        take turns, so that every label of the document has a say.
        """
        length, order, chosen = max(2, len(self._sentences(row))), list(labels), dict[str, str]()
        draws.shuffle(order)
        for place in range(length):
            label = order[place % len(order)] if order else None
            candidates = self._candidates(row, label, labels, place / (length - 1), draws)
            fresh = [sentence for sentence in candidates if sentence not in chosen]
            if not fresh:
                continue
            best = max(fresh, key=lambda sentence: len(self._telling(sentence, label)))
            said = self._exchange(best, label, draws) if draws.chance(_EXCHANGED) else best
            if chosen and estimated_tokens(" ".join([*chosen.values(), said])) > most_tokens:
                break
            chosen[best] = said
        return " ".join(chosen.values()).rstrip(" ,;")

    def rewritten(self, row: int, labels: Sequence[int], draws: Draws) -> str:
        """The document at `row`: its own sentences in another order, some telling words exchanged."""
        sentences = [
            self._exchange(sentence, draws.one_of(labels) if labels else None, draws)
            for sentence in self._sentences(row)
        ]
        draws.shuffle(sentences)
        return " ".join(sentences)

    def _candidates(
        self, row: int, label: int | None, labels: Sequence[int], place: float, draws: Draws
    ) -> list[str]:
        """Sentences from documents with the label, each from about this place (0 to 1) in its document."""
        found = []
        for _ in range(_CANDIDATES):
            sentences = self._sentences(self._donor(row, label, labels, draws))
            wanted = round(place * (len(sentences) - 1)) + draws.below(3) - 1
            found.append(sentences[min(max(wanted, 0), len(sentences) - 1)])
        return found

    def _donor(self, row: int, label: int | None, labels: Sequence[int], draws: Draws) -> int:
        """Of some documents with the label, drawn at random, the one with the most similar label set."""
        if label is None:
            return row
        rows = self._by_label.indices[self._by_label.indptr[label] : self._by_label.indptr[label + 1]]
        donors = [int(rows[draws.below(len(rows))]) for _ in range(_DONORS)]
        wanted = frozenset(labels)
        return max(donors, key=lambda one: len(self._labels(one) & wanted) / len(self._labels(one) | wanted))

    def _labels_of(self, row: int) -> frozenset[int]:
        return frozenset(
            self.targets.indices[self.targets.indptr[row] : self.targets.indptr[row + 1]].tolist()
        )

    def _telling(self, sentence: str, label: int | None) -> list[str]:
        """The label's telling words that stand in the sentence."""
        present = set(_WORD.findall(sentence))
        return [word for word in self.words[label] if word in present] if label is not None else []

    def _exchange(self, sentence: str, label: int | None, draws: Draws) -> str:
        """The sentence with one telling word in place of another of its label and ending, if it has one."""
        present = [word for word in self._telling(sentence, label) if _ending(word)]
        if not present or label is None:
            return sentence
        word = draws.one_of(present)
        others = [one for one in self.words[label] if one not in present and _ending(one) == _ending(word)]
        return re.sub(rf"\b{re.escape(word)}\b", draws.one_of(others), sentence) if others else sentence


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
