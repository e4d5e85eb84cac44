"""Seconds of computing that a page does not wait for: a thread does it, then the page runs again.

Results belong to the server, not to a visitor. What takes minutes, or a model, is a process: jobs.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Any, TypeVar

import streamlit as st

Result = TypeVar("Result")
_PATIENCE_S = 0.2
"""How long a page waits all the same, so that what is quick appears at once."""
_MOST_KEPT = 50

_threads = ThreadPoolExecutor(2, thread_name_prefix="meanwhile")
_kept: dict[Hashable, Future[Any]] = {}
_lock = threading.Lock()


def begun(key: Hashable, make: Callable[[], Result]) -> Future[Result]:
    """What `make` gives, once it is done; begun now unless it has been under this key.

    The key tells all that the result depends on. `make` runs without a visitor: it calls nothing that draws,
    or that streamlit caches.
    """
    with _lock:
        known = _kept.pop(key) if key in _kept else _threads.submit(make)
        _kept[key] = known  # the newest is the last
        for old in list(_kept)[:-_MOST_KEPT]:
            del _kept[old]
    return known


def are_done(futures: Sequence[Future[Any]], words: str) -> bool:
    """Whether all is done; if not, say what is being done, and run the page again when it is.

    What has failed is done as well, and is tried again the next time that it is asked for.
    """
    if wait(futures, _PATIENCE_S).not_done:
        st.fragment(_watch, run_every=0.5)(futures, words)
        return False
    with _lock:
        for key in [key for key, known in _kept.items() if known in futures and known.exception()]:
            del _kept[key]
    return True


def _watch(futures: Sequence[Future[Any]], words: str) -> None:
    if all(future.done() for future in futures):
        st.rerun()
    st.caption(f":material/hourglass_top: {words}")
