"""Random choices that come out alike on every machine and version.

`random.Random` promises a stable stream for `random()` alone (its `choice` and `shuffle`, like numpy's
Generator methods, may change between versions), so everything here is made from that one call.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of choices; one seed and purpose give one stream, another purpose an unrelated one."""

    def __init__(self, seed: int, purpose: str) -> None:
        self._next = random.Random(f"{purpose}/{seed}").random

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self._next() < probability

    def below(self, n: int) -> int:
        """A whole number from 0 to n - 1."""
        return int(self._next() * n)

    def one_of(self, items: Sequence[T]) -> T:
        """One item, each as likely as the others."""
        return items[self.below(len(items))]

    def weighted(self, weights: Sequence[float]) -> int:
        """A position, each as likely as its weight says; the weights are not negative and not all zero."""
        bounds = list(accumulate(weights))
        point = self._next() * bounds[-1]
        return next(position for position, bound in enumerate(bounds) if point < bound)

    def shuffle(self, items: list[T]) -> None:
        """Put the list in a random order (Fisher-Yates)."""
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
