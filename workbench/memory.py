"""How much of the computer's own memory is left."""

from __future__ import annotations

import psutil


def free_main_memory() -> int:
    """Bytes that this process could still take without swapping."""
    return int(psutil.virtual_memory().available)
