"""Counts and differences as people say them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime

_NOTHING = 1e-8
"""What is nearer to zero is what computing leaves of it."""


def how_many(count: int, one: str, several: str = "") -> str:
    """The number with its noun: "1 label", "1,204 labels"; `several` where an s alone is no plural."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def is_are(count: int) -> str:
    """The verb after that many."""
    return "is" if count == 1 else "are"


def listed(names: Sequence[str]) -> str:
    """Names in a sentence: "a", "a and b", "a, b and c"."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def to_the_second(moment: object) -> str:
    """A moment in ISO 8601 as people read it, without fractions of a second; what is none, as it is."""
    try:
        return datetime.fromisoformat(str(moment)).isoformat(timespec="seconds")
    except ValueError:
        return str(moment)


def signed(value: float, digits: int = 4) -> str:
    """A difference with its sign: "+0.0123", "−0.0004", and "0.0000" without one.

    What would be rounded to zero has as many digits as its first needs, "+0.00003", so that a limit next to
    zero is not taken for zero itself.
    """
    if math.isnan(value):
        return "–"
    size = abs(value)
    if size < _NOTHING:
        return f"{0:.{digits}f}"
    if round(size, digits) == 0:
        digits = -math.floor(math.log10(size))
    return f"{'−' if value < 0 else '+'}{size:,.{digits}f}"
