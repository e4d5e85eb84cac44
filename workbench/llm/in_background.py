"""An asynchronous iterator read from ordinary code, also from within a notebook's running event loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import aclosing, suppress
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class _Background(Generic[T]):
    """A thread with an event loop that hands over one item at a time and waits until it was taken."""

    def __init__(self, make: Callable[[], AsyncGenerator[T, None]]) -> None:
        self._make = make
        self._arrived: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._feed()), daemon=True)

    def start(self) -> None:
        self._thread.start()
        self._ready.wait()

    def next(self) -> tuple[T] | None:
        """The next item, in a tuple; None at the end. An error of the iterator is raised here."""
        arrived = self._arrived.get()
        if isinstance(arrived, BaseException):
            raise arrived
        return arrived

    def go_on(self) -> None:
        self._call(self._taken.set)

    def stop(self) -> None:
        self._call(self._task.cancel)
        self._thread.join()

    def _call(self, function: Callable[[], object]) -> None:
        with suppress(RuntimeError):  # the loop has ended already
            self._loop.call_soon_threadsafe(function)

    async def _feed(self) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._loop, self._task, self._taken = asyncio.get_running_loop(), task, asyncio.Event()
        self._ready.set()
        try:
            async with aclosing(self._make()) as items:
                async for item in items:
                    self._taken.clear()
                    self._arrived.put((item,))
                    await self._taken.wait()
        except BaseException as error:
            self._arrived.put(error)
        else:
            self._arrived.put(None)


def in_background(make: Callable[[], AsyncGenerator[T, None]]) -> Generator[T, None, None]:
    """The items of an asynchronous generator, which runs in a thread of its own and waits for its reader.

    Closing this, or an error or Ctrl-C where it is read, cancels what the generator awaits.
    """
    background = _Background(make)
    background.start()
    try:
        while (arrived := background.next()) is not None:
            yield arrived[0]
            background.go_on()
    finally:
        background.stop()
