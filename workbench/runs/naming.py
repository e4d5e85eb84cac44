"""Names for new runs."""

from __future__ import annotations

from pathlib import Path


def free_name(folder: Path, name: str) -> str:
    """`name` if no run in `folder` has it, else with the first number from 2 on that makes it free."""
    if not (folder / name).exists():
        return name
    number = 2
    while (folder / f"{name}-{number}").exists():
        number += 1
    return f"{name}-{number}"
