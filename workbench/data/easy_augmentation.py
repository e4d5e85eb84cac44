"""Easy data augmentation: a few words of a text replaced, inserted, swapped or deleted at random.

Source: "EDA: Easy Data Augmentation Techniques for Boosting Performance on Text Classification Tasks" (Wei
and Zou, 2019), Section 2. The paper takes synonyms from WordNet; here they are whatever the caller gives,
usually the nearest neighbours among word vectors (see `synonyms`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from workbench.data.written_words import STOP_WORDS, apart, core
from workbench.errors import WorkbenchError

Synonyms = Mapping[str, Sequence[str]]
"""A word in small letters -> what may stand for it."""

OPERATIONS = ("synonym replacement", "random insertion", "random swap", "random deletion")
RATE = 0.1
"""The paper's alpha for all but the smallest training sets (its Section 3.3)."""


def synonym_replacement(
    words: Sequence[str], count: int, synonyms: Synonyms, generator: np.random.Generator
) -> list[str]:
    """Replace `count` words at most, drawn among those with synonyms, by one of their synonyms each.

    Stop words stay. A replacement keeps the signs around a word, and its capitals.
    """
    changed = list(words)
    places = _replaceable(words, synonyms)
    for place in generator.permutation(len(places))[:count]:
        at = places[place]
        before, word, after = apart(words[at])
        changed[at] = before + _as_written(word, _drawn(synonyms[word.lower()], generator)) + after
    return changed


def random_insertion(
    words: Sequence[str], count: int, synonyms: Synonyms, generator: np.random.Generator
) -> list[str]:
    """Insert a synonym of a random word of `words` (no stop word) at a random place, `count` times."""
    changed = list(words)
    places = _replaceable(words, synonyms)
    for _ in range(count if places else 0):
        word = core(words[places[generator.integers(len(places))]])
        changed.insert(int(generator.integers(len(changed) + 1)), _drawn(synonyms[word], generator))
    return changed


def random_swap(words: Sequence[str], count: int, generator: np.random.Generator) -> list[str]:
    """Let two words change places, drawn anew `count` times; fewer than two words stay as they are."""
    changed = list(words)
    for _ in range(count if len(changed) > 1 else 0):
        first = int(generator.integers(len(changed)))
        second = (first + 1 + int(generator.integers(len(changed) - 1))) % len(changed)
        changed[first], changed[second] = changed[second], changed[first]
    return changed


def random_deletion(words: Sequence[str], rate: float, generator: np.random.Generator) -> list[str]:
    """Delete each word with probability `rate`; where none would be left, one drawn at random stays."""
    kept = [word for word, drawn in zip(words, generator.random(len(words)), strict=True) if drawn >= rate]
    return kept or [words[place] for place in generator.integers(len(words), size=min(1, len(words)))]


def eda(
    text: str,
    synonyms: Synonyms,
    rate: float,
    generator: np.random.Generator,
    order: Sequence[int] = (0, 1, 2, 3),
) -> str:
    """One augmented text: the first operation of `order` that changes any word of `text` is done to it.

    Replacing, inserting and swapping is done max(1, floor(rate * words)) times; deleting is done to each word
    with probability `rate`. Words are what stands between white space; of a changed text they have one space
    between them.

    Args:
        text: any text, also an empty one.
        synonyms: of words in small letters.
        rate: the paper's alpha in [0, 1]; with 0 nothing happens.
        generator: draws.
        order: positions in `OPERATIONS`.

    Returns:
        The changed text; `text` itself where no operation can change its words.
    """
    words = text.split()
    count = max(1, int(rate * len(words))) if rate > 0 else 0
    for operation in order:
        changed = _operated(operation, words, count, rate, synonyms, generator)
        if changed != words:
            return " ".join(changed)
    return text


@dataclass(frozen=True)
class EasyAugmentation:
    """`eda` for documents: which operation and which words follow from `seed`, a document's id and the copy.

    Each document goes through the four operations in an order of its own, a copy an operation: of many
    documents a quarter each is replaced, inserted, swapped and deleted, and of four copies of one document
    each is made in another way.
    """

    synonyms: Synonyms
    rate: float = RATE
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse rates that are none.

        Raises:
            WorkbenchError: for a rate outside of (0, 1].
        """
        if not 0 < self.rate <= 1:
            raise WorkbenchError(
                f"A rate of {self.rate:g} is not possible: give the share of words to change, above 0 and "
                "up to 1, such as 0.1."
            )

    def __call__(self, texts: Sequence[str], ids: Sequence[str], copy: int) -> list[str]:
        """The texts' copies number `copy` (from 0)."""
        return [self._copy(text, identity, copy) for text, identity in zip(texts, ids, strict=True)]

    def _copy(self, text: str, identity: str, copy: int) -> str:
        digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).digest()
        entropy = [self.seed, int.from_bytes(digest[:8], "big")]
        order = np.roll(np.random.default_rng(entropy).permutation(len(OPERATIONS)), -copy).tolist()
        generator = np.random.default_rng([*entropy, copy + 1])
        return eda(text, self.synonyms, self.rate, generator, order)


def _operated(
    operation: int,
    words: list[str],
    count: int,
    rate: float,
    synonyms: Synonyms,
    generator: np.random.Generator,
) -> list[str]:
    if operation == 0:
        return synonym_replacement(words, count, synonyms, generator)
    if operation == 1:
        return random_insertion(words, count, synonyms, generator)
    if operation == 2:
        return random_swap(words, count, generator)
    return random_deletion(words, rate, generator)


def _replaceable(words: Sequence[str], synonyms: Synonyms) -> list[int]:
    """Places of words with synonyms that are no stop words."""
    read = (core(word) for word in words)
    return [at for at, word in enumerate(read) if word not in STOP_WORDS and synonyms.get(word)]


def _drawn(among: Sequence[str], generator: np.random.Generator) -> str:
    return among[int(generator.integers(len(among)))]


def _as_written(word: str, synonym: str) -> str:
    if len(word) > 1 and word.isupper():
        return synonym.upper()
    return synonym[:1].upper() + synonym[1:] if word[:1].isupper() else synonym
