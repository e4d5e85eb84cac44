"""Whether two runs differ on other test documents like these: the paired bootstrap.

Both runs are measured on the same documents, drawn again with replacement: what makes a document hard for
both falls out of the difference. The interval covers the choice of test documents only, not the seeds of
training; claims.py has those. It is not corrected for the number of metrics and runs that are looked at.

The differences of the draws are moved so that their mean is the difference on all documents. Means over
documents hardly need that; macro-F1 does, as every draw misses some rare labels, about which no run can be
right then.

Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 13 and 16; for the move
Riezler & Maxwell, "On Some Pitfalls in Automatic Evaluation and Significance Testing for MT" (2005).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.analysis.claims import CONFIDENCE
from workbench.analysis.document_statistics import DocumentStatistic, mean_of
from workbench.errors import WorkbenchError

RESAMPLES = 1000
_WEIGHTS_AT_ONCE = 4_000_000
_ROUNDING = 1e-12
"""Values that differ by less are equal: the same sum, added up in another order."""
Values = NDArray[np.float64]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True)
class BootstrapDifference:
    """First minus second on all documents, with its 95 % interval and two-sided p-value.

    `resamples` are those in which both were defined; without any, `low`, `high` and `p` are NaN.
    """

    first: float
    second: float
    difference: float
    low: float
    high: float
    p: float
    resamples: int


def paired_bootstrap(
    first: DocumentStatistic | ArrayLike,
    second: DocumentStatistic | ArrayLike,
    n: int = RESAMPLES,
    seed: int = 0,
) -> BootstrapDifference:
    """How much higher `first` is than `second`, and how much that depends on the documents drawn.

    The interval holds the middle 95 % of the differences of the resamples, moved as said above. p is twice
    the share of them on the smaller side of zero, zero itself on both sides, with one added to both counts:
    never 0, at least 2 / (n + 1), and 1 for runs that are identical.

    Args:
        first: a statistic of N documents, or a value (N,) for each, whose mean is meant (NaN: left out).
        second: the same of the same documents, in the same order.
        n: resamples.
        seed: of the draws; the same documents are drawn for any two runs.

    Raises:
        WorkbenchError: for different numbers of documents, none at all, or fewer than one resample.
    """
    pair = {"first": _statistic(first), "second": _statistic(second)}
    drawn = resampled(pair, n, seed)
    ones = np.ones((1, pair["first"].documents))
    here = {side: float(statistic(ones)[0]) for side, statistic in pair.items()}
    return difference_of(here["first"], here["second"], drawn["first"] - drawn["second"])


def resampled(statistics: Mapping[Key, DocumentStatistic], n: int, seed: int = 0) -> dict[Key, Values]:
    """Each statistic on the same `n` draws of documents with replacement, (n,) each.

    Raises:
        WorkbenchError: as `paired_bootstrap`.
    """
    if n < 1:
        raise WorkbenchError(f"{n} resamples; at least 1 is needed, and some 1,000 for an interval.")
    sizes = {name: statistic.documents for name, statistic in statistics.items()}
    if len(set(sizes.values())) != 1 or 0 in sizes.values():
        said = ", ".join(f"{name}: {size}" for name, size in sizes.items())
        raise WorkbenchError(f"Numbers of documents are {said}; they must be the same ones, at least one.")
    blocks = [
        [statistic(weights) for statistic in statistics.values()]
        for weights in _weights(next(iter(sizes.values())), n, seed)
    ]
    return {name: np.concatenate([block[place] for block in blocks]) for place, name in enumerate(sizes)}


def difference_of(first: float, second: float, differences: Values) -> BootstrapDifference:
    """What `differences` (n,) of the resamples say about the difference of two values; NaNs are left out."""
    known = differences[~np.isnan(differences)]
    low = high = p = float("nan")
    if known.size:
        known = known - known.mean() + (first - second)
        known[np.abs(known) < _ROUNDING] = 0.0
        low, high = (float(end) for end in np.quantile(known, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2]))
        side = 1 + min(int((known <= 0).sum()), int((known >= 0).sum()))
        p = min(1.0, 2 * side / (1 + known.size))
    return BootstrapDifference(first, second, first - second, low, high, p, int(known.size))


def _statistic(given: DocumentStatistic | ArrayLike) -> DocumentStatistic:
    return given if callable(given) else mean_of(given)


def _weights(documents: int, n: int, seed: int) -> Iterator[Values]:
    """How often each document is drawn, in blocks (R, N) of n rows in all; each row adds up to N."""
    generator = np.random.default_rng(seed)
    at_once = max(1, _WEIGHTS_AT_ONCE // documents)
    for start in range(0, n, at_once):
        rows = min(at_once, n - start)
        drawn = generator.integers(documents, size=(rows, documents))
        drawn += documents * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * documents).reshape(rows, documents).astype(float)
