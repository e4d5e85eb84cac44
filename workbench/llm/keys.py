"""The key of a server: read from the environment alone, and taken out of whatever comes back."""

from __future__ import annotations

import os

from workbench.errors import WorkbenchError

HIDDEN = "[key]"
DEFAULT_VARIABLE = "OPENAI_API_KEY"


class Key:
    """A key that never shows itself: not when printed, not in a message that quotes the server."""

    def __init__(self, value: str) -> None:
        self._value = value

    @classmethod
    def from_environment(cls, variable: str, *, is_needed: bool) -> Key:
        """The value of the variable, or no key where none is needed.

        Raises:
            WorkbenchError: the variable is not set though a key is needed, or holds what no key can.
        """
        value = os.environ.get(variable, "").strip()
        if not value and is_needed:
            raise WorkbenchError(
                f"The environment variable {variable} holds no key. Set it (export {variable}=…), name "
                "another with --key-variable, or ask a server that needs none with --base-url."
            )
        if not (value.isascii() and value.isprintable()):
            raise WorkbenchError(f"The environment variable {variable} holds signs that no key has.")
        return cls(value)

    def __repr__(self) -> str:
        return f"Key({HIDDEN})"

    def __bool__(self) -> bool:
        return bool(self._value)

    def reveal(self) -> str:
        """The key itself, for the header of a request and nothing else."""
        return self._value

    def hide(self, text: str) -> str:
        """The text without the key, which servers have been seen to repeat."""
        return text.replace(self._value, HIDDEN) if self._value else text
