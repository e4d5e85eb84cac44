"""What describing and generating share: a job has prompts, and makes a version of a corpus of the answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

from workbench.config import Config
from workbench.data.corpus import Corpus, open_up
from workbench.llm.asking import Tally
from workbench.llm.base import Completion, Kind, Prompt, Provider
from workbench.llm.filters import Struck
from workbench.llm.templates import Template


@dataclass(frozen=True)
class Finished:
    """A new version of a corpus, and what is reported of how it came about."""

    corpus: Corpus
    report: dict[str, Any]


class Job(ABC):
    """Prompts about a corpus, and what becomes of their answers.

    Attributes:
        kind: what is asked.
        corpus: what it is asked about.
        template: the words it is asked in.
        settings: limits and counts.
        written: tokens that the prompts ask an answer to have, at most or about.
        prompts: all of them, in order.
    """

    kind: ClassVar[Kind]
    corpus: Corpus
    template: Template
    settings: Config
    written: int
    prompts: list[Prompt]

    @abstractmethod
    def finish(self, answered: Sequence[Completion], provider: Provider, tally: Tally, name: str) -> Finished:
        """The corpus as a new version called `name`, from the answers in the order of the prompts."""

    def answered_by(self, provider: Provider) -> str:
        """Who answered, for a note on the corpus's card."""
        if provider.is_language_model:
            return f"{provider.model} (provider {provider.name}, template {self.template.name})"
        return f"the provider {provider.name} (no language model)"

    def asked_report(self, prompt: str) -> dict[str, Any]:
        """What was asked of which corpus, as a report says it."""
        return {
            "corpus": {"name": self.corpus.name, "fingerprint": self.corpus.fingerprint},
            "template": {"name": self.template.name, "prompt": prompt},
            "job_settings": self.settings.model_dump(),
        }


def numbered(prompts: Iterable[Prompt]) -> list[Prompt]:
    """The prompts with their repetition: how often the same text stands before."""
    seen: Counter[str] = Counter()
    counted = []
    for prompt in prompts:
        counted.append(replace(prompt, about=replace(prompt.about, repetition=seen[prompt.text])))
        seen[prompt.text] += 1
    return counted


def called(code: str, name: str) -> str:
    """What a label is called in a prompt: its name, or the code where the name is but the code opened up."""
    return code if name in (code, open_up(code)) else name


def provider_report(provider: Provider) -> dict[str, Any]:
    """Who answered, as a report says it."""
    return {
        "provider": provider.name,
        "model": provider.model,
        "is_language_model": provider.is_language_model,
        "settings": dict(provider.settings),
    }


def answers_report(tally: Tally, struck: Sequence[Struck], used: int) -> dict[str, Any]:
    """What was answered and what was struck, by reason and with the texts, as a report says it."""
    return {
        "counts": {
            "prompts": tally.prompts,
            "kept_before": tally.kept,
            "asked": tally.asked,
            "used": used,
            "struck": len(struck),
            "tokens_in": tally.tokens_in,
            "tokens_out": tally.tokens_out,
            "tokens_are_counted": tally.counted,
        },
        "struck_by_reason": dict(sorted(Counter(one.reason for one in struck).items())),
        "struck": [{"reason": one.reason, "text": one.text, **one.asked} for one in struck],
    }
