"""Language models behind a server that speaks OpenAI's protocol: OpenAI itself, vLLM, llama.cpp and more."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import AsyncGenerator, Generator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import Field

from workbench.config import Config
from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.llm.base import Completion, Finish, Prompt, Provider
from workbench.llm.in_background import in_background
from workbench.llm.keys import DEFAULT_VARIABLE, Key
from workbench.llm.server_errors import Asked, NoCompletionError, explained, is_withheld, wants_other_limit

if TYPE_CHECKING:
    from openai import AsyncOpenAI

OPENAI = "https://api.openai.com/v1"
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 8.0
"""Seconds before a question is asked again whose answer was none; doubled each time."""


class OpenAISettings(Config):
    """Which server and model, and how patiently they are asked."""

    model: str = Field(min_length=1, description="name of the model, as the server calls it")
    base_url: str | None = Field(
        None, description="address of the server; when not given OPENAI_BASE_URL, or OpenAI's own"
    )
    key_variable: str = Field(DEFAULT_VARIABLE, description="environment variable that holds the key")
    temperature: float | None = Field(
        None, ge=0, le=2, description="of the sampling; when not given the server's own"
    )
    concurrency: int = Field(4, ge=1, description="questions on their way at the same time, at most")
    timeout_s: float = Field(120, gt=0, description="seconds until an answer is given up on and asked again")
    retries: int = Field(5, ge=0, description="further attempts after an error that may pass")


class OpenAIProvider(Provider):
    """Asks for chat completions, several at a time.

    Time-outs, lost connections and the answers 408, 409, 429 and 5xx are tried again by the client itself,
    after the time that `Retry-After` names or else ever longer ones; what is no completion, here.
    """

    name = "openai"
    Settings: ClassVar[type[Config]] = OpenAISettings
    is_language_model: ClassVar[bool] = True

    def __init__(self, settings: OpenAISettings) -> None:
        self.base_url = _checked_address(settings.base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI)
        self._is_key_needed = self.base_url == OPENAI or settings.key_variable != DEFAULT_VARIABLE
        self._key = Key.from_environment(settings.key_variable, is_needed=False)
        self._settings = settings
        self.model = settings.model
        self.settings = {"base_url": self.base_url, "temperature": settings.temperature}
        self._limit = "max_tokens"
        _need_openai()

    @classmethod
    def open(cls, corpus: Corpus, settings: dict[str, Any]) -> Self:
        """Ready to ask; what the prompts say is all that the server learns of the corpus."""
        if "model" not in settings:
            raise WorkbenchError("The provider openai needs a model. Name it with --model.")
        return cls(OpenAISettings.parse(settings))

    def stream(self, prompts: Sequence[Prompt]) -> Generator[tuple[int, Completion], None, None]:
        """The answers as they come, in whatever order; at most `concurrency` are on their way.

        The key is needed only now: what prompts would cost can be told without one.
        """
        Key.from_environment(self._settings.key_variable, is_needed=self._is_key_needed)
        return in_background(lambda: self._ask_all(prompts))

    async def _ask_all(self, prompts: Sequence[Prompt]) -> AsyncGenerator[tuple[int, Completion], None]:
        waiting = iter(enumerate(prompts))
        asking: set[asyncio.Task[tuple[int, Completion]]] = set()
        async with self._client() as client:
            try:
                while True:
                    for position, prompt in islice(waiting, self._settings.concurrency - len(asking)):
                        asking.add(asyncio.create_task(self._ask(client, position, prompt)))
                    if not asking:
                        return
                    done, asking = await asyncio.wait(asking, return_when=asyncio.FIRST_COMPLETED)
                    for task in sorted(done, key=lambda one: one.exception() is not None):
                        yield task.result()
            finally:
                for task in asking:
                    task.cancel()
                await asyncio.gather(*asking, return_exceptions=True)

    def _client(self) -> AsyncOpenAI:
        import openai

        return openai.AsyncOpenAI(
            api_key=self._key.reveal() or "none",
            base_url=self.base_url,
            timeout=self._settings.timeout_s,
            max_retries=self._settings.retries,
        )

    async def _ask(self, client: AsyncOpenAI, position: int, prompt: Prompt) -> tuple[int, Completion]:
        import openai

        for attempt in range(self._settings.retries + 1):
            try:
                return position, await self._attempt(client, prompt)
            except NoCompletionError as error:
                failed: Exception = error
                if attempt < self._settings.retries:
                    await asyncio.sleep(min(FIRST_WAIT_S * 2**attempt, LONGEST_WAIT_S))
            except openai.OpenAIError as error:
                failed = error
                break
        raise explained(failed, self._asked()) from None

    async def _attempt(self, client: AsyncOpenAI, prompt: Prompt) -> Completion:
        import openai

        try:
            return await self._answer(client, prompt)
        except openai.BadRequestError as error:
            if is_withheld(error):
                return Completion("", self.name, self.model, finish="refused")
            if self._limit != "max_tokens" or not wants_other_limit(error):
                raise
        self._limit = "max_completion_tokens"
        return await self._answer(client, prompt)

    async def _answer(self, client: AsyncOpenAI, prompt: Prompt) -> Completion:
        options: dict[str, Any] = {self._limit: prompt.max_tokens}
        if self._settings.temperature is not None:
            options["temperature"] = self._settings.temperature
        try:
            reply: object = await client.chat.completions.create(
                model=self.model, messages=[{"role": "user", "content": prompt.text}], **options
            )
        except ValueError as error:  # JSON that is cut off or was never any
            raise NoCompletionError(str(error)) from None
        return read_reply(reply, self.model, self._key)

    def _asked(self) -> Asked:
        known = self._settings
        return Asked(
            self.base_url, self.model, known.key_variable, self._key, known.timeout_s, known.retries + 1
        )


def read_reply(reply: object, model: str, key: Key) -> Completion:
    """The completion in a server's reply.

    Raises:
        NoCompletionError: when there is none in it.
    """
    choices = getattr(reply, "choices", None)
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = getattr(choice, "message", None)
    if message is None:
        raise NoCompletionError(reply if isinstance(reply, str) else repr(reply))
    content, refusal = getattr(message, "content", None), getattr(message, "refusal", None)
    if not isinstance(content, str | None):
        raise NoCompletionError(repr(content))
    named, reason = getattr(reply, "model", None), getattr(choice, "finish_reason", None)
    usage = getattr(reply, "usage", None)
    finish: Finish = "length" if reason == "length" else "stop"
    return Completion(
        key.hide(content or str(refusal or "")).strip(),
        OpenAIProvider.name,
        key.hide(named) if isinstance(named, str) and named else model,
        _count(usage, "prompt_tokens"),
        _count(usage, "completion_tokens"),
        "refused" if refusal or reason == "content_filter" else finish,
    )


def _count(usage: object, field: str) -> int | None:
    count = getattr(usage, field, None)
    return count if isinstance(count, int) else None


def _checked_address(address: str) -> str:
    """The address without a slash at its end, refused where it is none or carries a key."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise WorkbenchError(
            "--base-url is no address of a server. Write for example http://127.0.0.1:8000/v1"
        )
    if parts.username or parts.password or parts.query:
        raise WorkbenchError(
            f"--base-url must carry no password, key or query, for it is kept in reports ({parts.hostname}). "
            "Put the key into the environment variable that --key-variable names."
        )
    return address.rstrip("/")


def _need_openai() -> None:
    if importlib.util.find_spec("openai") is None:
        raise WorkbenchError(
            "The provider openai needs the package openai: pip install 'mltc-workbench[llm]'."
        )
