"""What is asked of a language model, what comes back, and the one protocol of all that answer."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self

from workbench.config import Config

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus

Kind = Literal["describe", "generate", "rewrite"]
Finish = Literal["stop", "length", "refused"]

CHARACTERS_PER_TOKEN = 4
"""Of English text, roughly: what token counts are estimated by where nobody has counted."""


@dataclass(frozen=True)
class About:
    """What a prompt asks, for a provider that answers without reading it.

    Attributes:
        kind: "describe" a label, "generate" a document like the demonstration, "rewrite" the demonstration.
        labels: indices of the label to describe, or of all labels of the demonstration.
        demonstration: a row of the training split (its generated documents not counted), or None.
        repetition: 0 for the first time that this text is asked, 1 for the second, …
    """

    kind: Kind
    labels: tuple[int, ...] = ()
    demonstration: int | None = None
    repetition: int = 0


@dataclass(frozen=True)
class Prompt:
    """A filled prompt, the most tokens of its answer, and what it is about."""

    text: str
    max_tokens: int
    about: About


@dataclass(frozen=True)
class Completion:
    """An answer.

    Attributes:
        text: what was answered, without blanks around it.
        provider: name of the provider.
        model: the model as its server or folder calls it; of the offline provider what it does instead.
        tokens_in: tokens of the prompt, where somebody counted them.
        tokens_out: tokens of the answer, where somebody counted them.
        finish: "stop" at its own end, "length" when cut at `max_tokens`, "refused" when it was withheld.
    """

    text: str
    provider: str
    model: str
    tokens_in: int | None = None
    tokens_out: int | None = None
    finish: Finish = "stop"


class Provider(ABC):
    """Something that completes prompts.

    Attributes:
        name: as `open_provider` knows it.
        is_language_model: False for what recombines and counts, and never poses as a model.
        Settings: what can be set; `settings` below is what of it decides an answer.
        model: which model answers.
        settings: all else that decides an answer (never a key); answers are kept under it.
    """

    name: ClassVar[str]
    is_language_model: ClassVar[bool]
    Settings: ClassVar[type[Config]]
    model: str
    settings: Mapping[str, Any]

    @classmethod
    @abstractmethod
    def open(cls, corpus: Corpus, settings: dict[str, Any]) -> Self:
        """A provider that is ready to answer about the corpus, from values for its `Settings`."""

    @abstractmethod
    def stream(self, prompts: Sequence[Prompt]) -> Generator[tuple[int, Completion], None, None]:
        """Each answer as soon as it is there, with the position of its prompt; closing it ends what is asked.

        Raises:
            WorkbenchError: when no further answer will come, with the reason and the remedy.
        """

    def complete(self, prompts: Sequence[Prompt]) -> list[Completion]:
        """The answers in the order of the prompts."""
        with closing(self.stream(prompts)) as arriving:
            answers = dict(arriving)
        return [answers[position] for position in range(len(prompts))]


def estimated_tokens(text: str) -> int:
    """About how many tokens a text has: its characters divided by four, rounded up."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)
