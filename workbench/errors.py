"""Errors that a user can act on: each says what was given, what was expected and what to do."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WorkbenchError(ValueError):
    """A mistake in the input or a limit of the machine; the command line prints it without a traceback."""


def nearest(word: str, known: Iterable[str]) -> str:
    """The hint " Did you mean 'beta'?" when a known word is close to `word`, else an empty string."""
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f" Did you mean {close[0]!r}?" if close else ""


def require_known(wanted: Iterable[str], known: Iterable[str], unknown: str) -> None:
    """Refuse words that are not known, naming the nearest and all that are.

    Args:
        wanted: what was asked for.
        known: what there is.
        unknown: what is said of a word that is not known, with {} in its place.

    Raises:
        WorkbenchError: for the first such word.
    """
    words = list(known)
    for word in wanted:
        if word not in words:
            said = unknown.format(repr(word))
            raise WorkbenchError(f"{said}{nearest(word, words)} Known: {', '.join(words) or 'none'}.")
