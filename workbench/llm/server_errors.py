"""What a server did wrong, in words that say what to do; the key never stands in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.errors import WorkbenchError
from workbench.llm.keys import Key

if TYPE_CHECKING:
    import openai

_QUOTED = 200
_WITHHELD = ("content_filter", "content_policy_violation")


class NoCompletionError(Exception):
    """What came back is no completion: truncated JSON, a page of HTML, an object without choices."""


@dataclass(frozen=True)
class Asked:
    """Whom a question went to, as an error has to name it."""

    address: str
    model: str
    key_variable: str
    key: Key
    timeout_s: float
    attempts: int

    def quoted(self, text: str) -> str:
        """What the server said, on one line, shortened, without the key."""
        line = " ".join(self.key.hide(text).split())
        return line if len(line) <= _QUOTED else f"{line[:_QUOTED]}…"


def is_withheld(error: openai.BadRequestError) -> bool:
    """Whether a server refuses this one question for what it says, rather than every question."""
    return error.code in _WITHHELD


def wants_other_limit(error: openai.BadRequestError) -> bool:
    """Whether the model knows the limit of an answer only by its newer name, max_completion_tokens."""
    return "max_completion_tokens" in error.message


def explained(error: Exception, asked: Asked) -> WorkbenchError:
    """The error as a user can act on it."""
    import openai

    times = f" ({asked.attempts} attempts)" if asked.attempts > 1 else ""
    if isinstance(error, NoCompletionError):
        said = asked.quoted(str(error))
        return WorkbenchError(
            f"{asked.address} answers with what is no chat completion{times}: {said!r}. Check --base-url: "
            "it usually ends with /v1."
        )
    if isinstance(error, openai.APITimeoutError):
        return WorkbenchError(
            f"{asked.address} did not answer within {asked.timeout_s:g} seconds{times}. Try again later, or "
            "wait longer with --set timeout_s=N."
        )
    if isinstance(error, openai.APIStatusError):
        return _status(error, asked, times)
    cause = asked.quoted(str(error.__cause__ or error))
    return WorkbenchError(
        f"{asked.address} cannot be reached{times}: {cause} Check --base-url and the network."
    )


def _status(error: openai.APIStatusError, asked: Asked, times: str) -> WorkbenchError:
    import openai

    said = asked.quoted(error.message)
    if isinstance(error, (openai.AuthenticationError, openai.PermissionDeniedError)):
        held = (
            f"refuses the key in {asked.key_variable}"
            if asked.key
            else f"wants a key: set {asked.key_variable}"
        )
        return WorkbenchError(f"{asked.address} {held} (status {error.status_code}): {said}")
    if isinstance(error, openai.NotFoundError):
        return WorkbenchError(
            f"{asked.address} has no model {asked.model!r}, or no chat completions at this address: {said} "
            "Check --model and --base-url."
        )
    if isinstance(error, openai.RateLimitError):
        wait = error.response.headers.get("retry-after")
        when = f" It asks to wait {asked.quoted(wait)} seconds." if wait else ""
        return WorkbenchError(
            f"{asked.address} takes no more questions for now{times}: {said}{when} Ask fewer at a time with "
            "--set concurrency=1, or go on later."
        )
    return WorkbenchError(f"{asked.address} failed with status {error.status_code}{times}: {said}")
