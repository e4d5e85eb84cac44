"""Counts as people say them."""

from __future__ import annotations


def how_many(count: int, one: str, several: str = "") -> str:
    """The number with its noun: "1 label", "1,204 labels"; `several` where an s alone is no plural."""
    return f"{count:,} {one if count == 1 else several or one + 's'}"


def is_are(count: int) -> str:
    """The verb after that many."""
    return "is" if count == 1 else "are"
