"""Label texts: each label in one sentence (SEP-MLDC Eq. 1), which the corpus joins to its name (Eq. 2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import Field

from workbench.config import Config
from workbench.data.corpus import Corpus
from workbench.llm.asking import Tally
from workbench.llm.base import About, Completion, Prompt, Provider
from workbench.llm.filters import DUPLICATE, Duplicates, Struck, fault_of_form
from workbench.llm.job import Finished, Job, answers_report, called, numbered, provider_report
from workbench.llm.templates import Template
from workbench.wording import how_many

ROOM = 2
"""A description may have so many times the tokens asked for: none is cut for a few words."""


class DescribeSettings(Config):
    """How labels are described."""

    tokens: int = Field(30, ge=5, description="tokens of a description that the prompt asks for, at most")


class DescribeJob(Job):
    """Asks what each label of a corpus means."""

    kind = "describe"
    settings: DescribeSettings

    def __init__(self, corpus: Corpus, template: Template, settings: DescribeSettings) -> None:
        self.corpus, self.template, self.settings = corpus, template, settings
        self.written = settings.tokens
        self.prompts = numbered(
            Prompt(
                template.fill_describe(
                    corpus.card.title or corpus.name, _wanted(code, name), settings.tokens
                ),
                ROOM * settings.tokens,
                About("describe", (label,)),
            )
            for label, (code, name) in enumerate(zip(corpus.labels, corpus.label_texts, strict=True))
        )

    def finish(self, answered: Sequence[Completion], provider: Provider, tally: Tally, name: str) -> Finished:
        """The corpus under a new name, with descriptions; a label whose answer was struck has none."""
        descriptions, struck = judge_descriptions(self.corpus.labels, answered, ROOM * self.settings.tokens)
        used = sum(map(bool, descriptions))
        note = f"{used} of {how_many(len(descriptions), 'label')} described by {self.answered_by(provider)}."
        described = self.corpus.with_descriptions(name, descriptions, note)
        report: dict[str, Any] = {
            **provider_report(provider),
            **self.asked_report(self.template.describe),
            **answers_report(tally, struck, used),
        }
        return Finished(described, report)


def judge_descriptions(
    codes: Sequence[str], answered: Sequence[Completion], most_tokens: int
) -> tuple[list[str], list[Struck]]:
    """A description for each label, "" where the answer was struck, and what was struck."""
    descriptions, struck, seen = [], [], Duplicates()
    for code, answer in zip(codes, answered, strict=True):
        reason = fault_of_form(answer, most_tokens) or (None if seen.is_new(answer.text) else DUPLICATE)
        descriptions.append("" if reason else " ".join(answer.text.split()))
        if reason:
            struck.append(Struck(reason, answer.text, {"label": code}))
    return descriptions, struck


def _wanted(code: str, name: str) -> str:
    """The label as the prompt names it: its name, and its code where that says more than the name."""
    return code if called(code, name) == code else f"{name} ({code})"
