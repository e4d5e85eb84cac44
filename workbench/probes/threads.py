"""Work spread over threads that each compute alone.

Threads inside an operation wait for each other at its end. Where operations are short that costs more than it
gains, and on a busy machine many times more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

import torch

Item = TypeVar("Item")


def spread(
    work: Callable[[Item], None], items: Iterable[Item], done: Callable[[], None] | None = None
) -> None:
    """Call `work` on each item, as many at a time as torch has threads; `done` after each, in this thread.

    An exception, Ctrl-C too, drops the items that have not begun, and is raised when the others have ended.
    """
    threads = torch.get_num_threads()

    def alone(item: Item) -> None:
        torch.set_num_threads(1)
        with torch.inference_mode():
            work(item)

    try:
        with ThreadPoolExecutor(threads) as pool:
            futures = [pool.submit(alone, item) for item in items]
            try:
                for future in as_completed(futures):
                    future.result()
                    if done is not None:
                        done()
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
    finally:
        torch.set_num_threads(threads)
