"""Texts rewritten by a language model.

Source: "Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations",
Section 5.7.2, which asks gpt-3.5-turbo with the prompt "Rewrite the sentence:".
"""

from __future__ import annotations

from collections.abc import Sequence

from workbench.errors import WorkbenchError
from workbench.llm.answers import Answers
from workbench.llm.asking import ask
from workbench.llm.base import About, Prompt, Provider, estimated_tokens
from workbench.llm.filters import is_refused

PROMPT = "Rewrite the sentence:"
_ROOM = 2
_LEAST_TOKENS = 64


class Rewriting:
    """Asks a provider to rewrite each text; answers are kept on disk and asked for once.

    An answer that is withheld, or cut off before its end, gives the text back unchanged.
    """

    def __init__(self, provider: Provider, answers: Answers) -> None:
        """Take a provider that is a language model.

        Raises:
            WorkbenchError: when it is none.
        """
        if not provider.is_language_model:
            raise WorkbenchError(
                f"The provider {provider.name!r} is no language model: it recombines and counts words, and "
                "cannot rewrite a text. Ask a server (--provider openai --set model=NAME) or a model here "
                "(--provider local --set model=FOLDER); without either, `--with eda` needs no model."
            )
        self.provider = provider
        self.answers = answers

    def __call__(self, texts: Sequence[str], ids: Sequence[str], copy: int) -> list[str]:
        """The texts' copies number `copy` (from 0)."""
        prompts = [rewriting_prompt(text, copy) for text in texts]
        found, _ = ask(prompts, self.provider, self.answers)
        usable = [answer.finish == "stop" and not is_refused(answer) for answer in found]
        return [
            answer.text if is_usable else text
            for text, answer, is_usable in zip(texts, found, usable, strict=True)
        ]


def rewriting_prompt(text: str, copy: int) -> Prompt:
    """The paper's prompt before the text; the answer may be twice as long as the text."""
    most = max(_LEAST_TOKENS, _ROOM * estimated_tokens(text))
    return Prompt(f"{PROMPT} {text}", most, About("rewrite", repetition=copy))
