"""Names for new runs."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path


def free_name(folder: Path, name: str, taken: Collection[str] = ()) -> str:
    """`name` if no run in `folder` has it, else with the first number from 2 on that makes it free.

    Args:
        folder: where runs are.
        name: what it would be called.
        taken: names of runs that are still to come.
    """
    free, number = name, 2
    while free in taken or (folder / free).exists():
        free, number = f"{name}-{number}", number + 1
    return free


def run_name(method: str, corpus: str, encoder: str, frozen: bool, seed: int) -> str:
    """A name for a run's folder that says what it is."""
    parts = (_last_part(corpus), encoder_title(encoder, frozen), method, f"s{seed}")
    joined = "-".join(parts).lower()
    return "".join(letter if letter.isalnum() or letter in "-_." else "-" for letter in joined)


def encoder_title(encoder: str, frozen: bool) -> str:
    """The encoder as it is called in tables."""
    name = _last_part(encoder)
    return f"{name} frozen" if frozen else name


def _last_part(name: str) -> str:
    """A folder's own name; other names as they are."""
    return Path(name).resolve().name if "/" in name and Path(name).expanduser().exists() else name
