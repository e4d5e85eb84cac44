"""Work over blocks of documents: a few MB of memory beyond the inputs, and every core takes part."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

BLOCK_ELEMENTS = 1 << 17  # 512 KB of float32: a block and its copy stay in a core's second-level cache
MAX_THREADS = 8


def row_blocks(n_rows: int, n_columns: int) -> list[tuple[int, int]]:
    """The (start, stop) of blocks of rows, each of about `BLOCK_ELEMENTS` elements and at least one row."""
    step = max(1, BLOCK_ELEMENTS // max(1, n_columns))
    return [(start, min(start + step, n_rows)) for start in range(0, n_rows, step)]


def map_blocks(work: Callable[[int, int], Result], n_rows: int, n_columns: int) -> list[Result]:
    """`work(start, stop)` for every block of rows, in order; threads share them, as numpy frees the lock.

    When several blocks fail, the error of the first block is raised, so that a message is the same every
    time.
    """
    blocks = row_blocks(n_rows, n_columns)
    threads = min(_cores(), MAX_THREADS, len(blocks))
    if threads <= 1:
        return [work(start, stop) for start, stop in blocks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, *zip(*blocks, strict=True)))


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
