"""The provider that needs nothing: words counted, sentences recombined. It is no language model."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from functools import cached_property
from typing import Any, ClassVar, Self

from pydantic import Field

from workbench.config import Config
from workbench.data.corpus import Corpus
from workbench.data.demo.draws import Draws
from workbench.errors import WorkbenchError
from workbench.llm.base import About, Completion, Prompt, Provider, estimated_tokens
from workbench.llm.keywords import telling_words
from workbench.llm.recombination import Recombination

_WORDS = 12  # telling words of a label that are known
_SAID = 6  # of them, how many a description says


class OfflineSettings(Config):
    """Settings of the offline provider."""

    seed: int = Field(0, ge=0, description="of the sentences that are drawn")


class OfflineProvider(Provider):
    """Describes a label by its name and telling words, recombines documents from training sentences.

    It reads no prompt but only what the prompt is about; nothing in its answers comes from outside the
    training split. The same seed gives the same answers.
    """

    name = "offline"
    Settings: ClassVar[type[Config]] = OfflineSettings
    is_language_model: ClassVar[bool] = False
    model = "telling words and recombined sentences"

    def __init__(self, corpus: Corpus, settings: OfflineSettings) -> None:
        self.corpus = corpus.without_generated()
        self.seed = settings.seed
        self.settings = {"seed": settings.seed, "corpus": self.corpus.fingerprint}

    @classmethod
    def open(cls, corpus: Corpus, settings: dict[str, Any]) -> Self:
        """Ready to answer about the corpus."""
        return cls(corpus, OfflineSettings.parse(settings))

    def stream(self, prompts: Sequence[Prompt]) -> Generator[tuple[int, Completion], None, None]:
        """The answers in order."""
        for position, prompt in enumerate(prompts):
            yield position, Completion(self._answer(prompt), self.name, self.model)

    @cached_property
    def _words(self) -> list[list[str]]:
        return telling_words(self.corpus.train.texts, self.corpus.train.targets, _WORDS)

    @cached_property
    def _recombination(self) -> Recombination:
        return Recombination(self.corpus.train.texts, self.corpus.train.targets, self._words)

    def _answer(self, prompt: Prompt) -> str:
        about = prompt.about
        if about.kind == "describe":
            return self._description(about.labels[0], prompt.max_tokens)
        row = self._demonstration(about)
        draws = Draws(self.seed, f"{about.kind}/{row}/{about.repetition}")
        if about.kind == "generate":
            return self._recombination.generated(row, about.labels, prompt.max_tokens, draws)
        return self._recombination.rewritten(row, about.labels, draws)

    def _description(self, label: int, most_tokens: int) -> str:
        name = self.corpus.label_texts[label]
        own = set(name.lower().split())
        said = [word for word in self._words[label] if word not in own][:_SAID]
        while said:
            text = f"Documents about {name}, with words such as {_listed(said)}."
            if estimated_tokens(text) <= most_tokens:
                return text
            said.pop()
        return f"Documents about {name}."

    def _demonstration(self, about: About) -> int:
        row, documents = about.demonstration, len(self.corpus.train)
        if row is None or not 0 <= row < documents:
            raise WorkbenchError(
                f"The provider offline answers about a training document, 0 to {documents - 1}, not {row}."
            )
        return row


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
