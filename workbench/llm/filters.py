"""What is wrong with an answer: one small function a fault; a struck answer is kept for looking."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.llm.base import Completion, estimated_tokens

EMPTY = "empty"
REFUSED = "refused"
TOO_LONG = "too long"
DUPLICATE = "duplicate"
LEAKING = "label-leaking"

_FEWEST_WORDS = 2
_OPENING = 160
_REFUSALS = re.compile(
    r"\b(?:i(?:'m| am) (?:sorry|unable|not able)|i (?:cannot|can't|can not|won't|will not) "
    r"|i apologi[sz]e|as an ai\b|as a (?:large )?language model|unable to (?:comply|fulfil|assist))"
)
_CHUNK = re.compile(r"[\w./:+-]*\w")


@dataclass(frozen=True)
class Struck:
    """An answer that is not used: why, its text and what was asked, as JSON can say it."""

    reason: str
    text: str
    asked: dict[str, Any]


def is_empty(answer: Completion) -> bool:
    """Whether fewer than two words were answered."""
    return len(re.findall(r"\w+", answer.text)) < _FEWEST_WORDS


def is_refused(answer: Completion) -> bool:
    """Whether the answer was withheld, or begins by saying that it will not be given."""
    opening = answer.text[:_OPENING].lower().replace("’", "'")
    return answer.finish == "refused" or _REFUSALS.search(opening) is not None


def is_too_long(answer: Completion, most_tokens: int) -> bool:
    """Whether the answer was cut at its limit, or is longer than that."""
    tokens = estimated_tokens(answer.text) if answer.tokens_out is None else answer.tokens_out
    return answer.finish == "length" or tokens > most_tokens


def normalised(text: str) -> str:
    """Lower-case words and numbers with single blanks between: what makes two texts the same."""
    return " ".join(re.findall(r"\w+", text.lower()))


def fault_of_form(answer: Completion, most_tokens: int) -> str | None:
    """What is wrong with an answer by itself, whatever was asked; None when nothing is."""
    if is_refused(answer):
        return REFUSED
    if is_empty(answer):
        return EMPTY
    return TOO_LONG if is_too_long(answer, most_tokens) else None


class Duplicates:
    """Texts that were seen, compared after normalising."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._seen = {hash(normalised(text)) for text in texts}

    def is_new(self, text: str) -> bool:
        """Whether the text was not seen before; from now on it was."""
        before = len(self._seen)
        self._seen.add(hash(normalised(text)))
        return len(self._seen) > before


class Leaks:
    """Finds what a document would not say by itself: the code of a label, or the criteria of its prompt.

    A code that training documents use too, or an ordinary word that is its label's name, gives nothing away.
    """

    def __init__(
        self, codes: Sequence[str], names: Sequence[str], documents: Iterable[str], criteria: Iterable[str]
    ) -> None:
        telling = {
            code.casefold()
            for code, name in zip(codes, names, strict=True)
            if not (code.isalpha() and code.islower() and code == name.lower())
        }
        for text in documents:
            if not telling:
                break
            telling -= _chunks(text)
        self._codes = telling
        self._criteria = [normalised(one) for one in criteria]

    def is_leaking(self, text: str) -> bool:
        """Whether a label's code or one of the prompt's criteria stands in the text."""
        words = normalised(text)
        return bool(self._codes & _chunks(text)) or any(one in words for one in self._criteria)


def _chunks(text: str) -> set[str]:
    """What stands between blanks and brackets, lower-case, without the full stop at its end."""
    return {found.lstrip("./:+-") for found in _CHUNK.findall(text.casefold())}
