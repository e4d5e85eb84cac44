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
_MOST_KEPT = 20

_threads = ThreadPoolExecutor(2, thread_name_prefix="meanwhile")
_kept: dict[Hashable, Future[Any]] = {}
_lock = threading.Lock()


def begun(key: Hashable, make: Callable[[], Result]) -> Future[Result]:
    """What `make` gives, once it is done; begun now unless it has been under this key.

    The key tells all that the result depends on. What has failed is tried again. `make` runs without a
    visitor: it calls nothing that draws, or that streamlit caches.
    """
    with _lock:
        known = _kept.pop(key, None)
        if known is None or (known.done() and known.exception() is not None):
            known = _threads.submit(make)
        _kept[key] = known  # the newest is the last
        for old in list(_kept)[:-_MOST_KEPT]:
            del _kept[old]
    wait([known], _PATIENCE_S)
    return known


def until_done(futures: Sequence[Future[Any]], words: str) -> None:
    """Say what is being done, and run the page again when it is."""
    st.fragment(_watch, run_every=0.5)(futures, words)


def _watch(futures: Sequence[Future[Any]], words: str) -> None:
    if all(future.done() for future in futures):
        st.rerun()
    st.caption(f":material/hourglass_top: {words}")
