"""A lock of the operating system: whoever holds it is alive, for it goes with its process."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def held(path: Path) -> Iterator[bool]:
    """Hold the lock on the file `path`; gives whether it could be had, and never waits for it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        yield _is_taken_by_us(stream.fileno())


def _is_taken_by_us(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
