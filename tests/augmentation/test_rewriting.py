"""Texts rewritten by a language model: the prompt, kept answers, and what cannot be used."""

from __future__ import annotations

from typing import ClassVar

import pytest

from workbench.augmentation.rewriting import PROMPT, Rewriting, rewriting_prompt
from workbench.data.augment import augment
from workbench.errors import WorkbenchError
from workbench.llm import Completion, Prompt, Provider, open_provider
from workbench.llm.answers import Answers


class Shouting(Provider):
    """Answers in capitals; withholds or cuts what the text asks it to."""

    name = "shouting"
    is_language_model: ClassVar[bool] = True
    model = "loud-1"
    settings: ClassVar[dict[str, object]] = {}

    def __init__(self) -> None:
        self.asked: list[Prompt] = []

    @classmethod
    def open(cls, corpus, settings):
        return cls()

    def stream(self, prompts):
        for position, prompt in reversed(list(enumerate(prompts))):
            self.asked.append(prompt)
            text = prompt.text.removeprefix(f"{PROMPT} ")
            finish = {"cut": "length", "withheld": "refused"}.get(text.split()[0], "stop")
            said = "I'm sorry, I cannot." if text.startswith("sorry") else text.upper()
            yield position, Completion(said, self.name, self.model, finish=finish)


def test_the_prompt_is_the_papers():
    prompt = rewriting_prompt("Cats sleep.", 2)
    assert prompt.text == "Rewrite the sentence: Cats sleep."
    assert (prompt.about.kind, prompt.about.repetition) == ("rewrite", 2)
    assert prompt.max_tokens == 64
    assert rewriting_prompt("x" * 4000, 0).max_tokens == 2000


def test_answers_come_back_in_order_and_unusable_ones_leave_the_text(tmp_path):
    provider = Shouting()
    texts = ["first text", "cut in two", "withheld text", "sorry text", "last text"]
    with Answers(tmp_path, provider) as answers:
        rewrite = Rewriting(provider, answers)
        found = rewrite(texts, list("abcde"), 0)
        assert found == ["FIRST TEXT", *texts[1:4], "LAST TEXT"]
        assert rewrite(texts, list("abcde"), 0) == found
        assert len(provider.asked) == 5  # what was answered once is kept
        rewrite(texts[:1], ["a"], 1)
        assert len(provider.asked) == 6


def test_a_corpus_is_rewritten_and_what_came_back_unchanged_left_out(toy_corpus, tmp_path):
    provider = Shouting()
    with Answers(tmp_path, provider) as answers:
        made = augment(toy_corpus, Rewriting(provider, answers), "rewriting", "in capitals")
    assert made.corpus.name == "toy-rewriting"
    assert made.corpus.train.texts[240] == toy_corpus.train.texts[0].upper()
    assert made.corpus.train.n_generated == 240


def test_the_offline_provider_says_that_it_cannot_rewrite(toy_corpus, tmp_path):
    provider = open_provider("offline", toy_corpus)
    with (
        Answers(tmp_path, provider) as answers,
        pytest.raises(WorkbenchError, match=r"cannot rewrite") as error,
    ):
        Rewriting(provider, answers)
    assert all(word in str(error.value) for word in ("openai", "local", "--with eda"))
