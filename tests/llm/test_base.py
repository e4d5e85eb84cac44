from __future__ import annotations

import pytest

from tests.llm.conftest import prompts
from workbench.errors import WorkbenchError
from workbench.llm.base import Completion, Provider, estimated_tokens
from workbench.llm.registry import open_provider, provider_class, provider_names


class Backwards(Provider):
    """Answers the last question first."""

    name, model, settings = "backwards", "none", {}
    is_language_model = False

    @classmethod
    def open(cls, corpus, settings):
        return cls()

    def stream(self, prompts):
        for position in reversed(range(len(prompts))):
            yield position, Completion(prompts[position].text, self.name, self.model)


def test_answers_stand_in_the_order_of_the_prompts_whatever_came_first():
    assert [answer.text for answer in Backwards().complete(prompts(4))] == [p.text for p in prompts(4)]
    assert Backwards().complete([]) == []


@pytest.mark.parametrize("text, tokens", [("", 0), ("a", 1), ("four", 1), ("fours", 2), ("x" * 400, 100)])
def test_a_token_is_estimated_as_four_characters(text, tokens):
    assert estimated_tokens(text) == tokens


def test_providers_are_opened_by_name(kitchen):
    assert provider_names()[0] == "offline"
    assert [provider_class(name).name for name in provider_names()] == provider_names()
    assert not open_provider("offline", kitchen).is_language_model
    assert [provider_class(name).is_language_model for name in ("openai", "local")] == [True, True]
    with pytest.raises(WorkbenchError, match=r"'opanai'. Did you mean 'openai'\? Known: offline"):
        open_provider("opanai", kitchen)
