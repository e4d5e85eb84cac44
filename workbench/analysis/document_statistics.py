"""Metrics as functions of how often each test document counts, so that documents can be drawn again.

A metric is made of sums over documents: a share of two sums (P@k, micro-F1), or the mean over labels of such
shares (macro-F1). Given weights W (R, N), how often each of N documents is in each of R draws, all R values
come of a few matrix products. Weights of one give the very number of `metrics.evaluate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse

from workbench.analysis.dependency import read_label_sets
from workbench.analysis.documents import read_ranking
from workbench.errors import WorkbenchError
from workbench.metrics import describe, propensities_from_counts
from workbench.metrics.dependency import label_rows
from workbench.metrics.ranking import Ranking
from workbench.runs.store import Run

Values = NDArray[np.float64]


class DocumentStatistic(Protocol):
    """A metric of N documents that knows what it is when some of them count several times, or never."""

    @property
    def documents(self) -> int:
        """N."""

    def __call__(self, weights: Values) -> Values:
        """The metric for each row of weights (R, N) -> (R,); NaN where it is not defined."""


@dataclass(frozen=True, eq=False)
class Share:
    """One sum over documents divided by another: `part` and `whole` (N,); `if_none` where the whole is 0."""

    part: Values
    whole: Values
    if_none: float = float("nan")

    @property
    def documents(self) -> int:
        """N."""
        return len(self.part)

    def __call__(self, weights: Values) -> Values:
        """See `DocumentStatistic`."""
        return _ratio(weights @ self.part, weights @ self.whole, self.if_none)


@dataclass(frozen=True, eq=False)
class MacroShare:
    """The mean over labels of one sum over documents divided by another; a label whose whole is 0 counts 0.

    Shapes: part and whole csr_array (N, L); counted (N, L): the mean is over labels of which it holds any
    document, over all labels without it; labelled (N,): NaN where none of these documents is there.
    """

    part: sparse.csr_array
    whole: sparse.csr_array
    counted: sparse.csr_array | None = None
    labelled: Values | None = None

    @property
    def documents(self) -> int:
        """N."""
        return int(self.part.shape[0])

    def __call__(self, weights: Values) -> Values:
        """See `DocumentStatistic`."""
        shares = _ratio(weights @ self.part, weights @ self.whole, 0.0)  # (R, L)
        if self.labelled is not None:
            return np.where(weights @ self.labelled > 0, shares.mean(axis=1), np.nan)
        if self.counted is None:
            return shares.mean(axis=1)
        counted = weights @ self.counted > 0
        return _ratio((shares * counted).sum(axis=1), counted.sum(axis=1).astype(np.float64), float("nan"))


def mean_of(per_document: ArrayLike) -> Share:
    """The mean of a metric that each document has, (N,); NaN takes a document out of it."""
    values = np.asarray(per_document, dtype=np.float64)
    has_value = ~np.isnan(values)
    return Share(np.where(has_value, values, 0.0), has_value.astype(np.float64))


def run_statistics(run: Run, metrics: Iterable[str]) -> dict[str, DocumentStatistic]:
    """Metrics of a finished run on its test documents, by name as in `metrics.evaluate`, such as "P@3".

    Labels are predicted at the run's threshold, and propensities are those of its own training documents.

    Raises:
        WorkbenchError: for an unknown metric (naming the nearest), and as `dependency.read_label_sets`.
    """
    wanted = list(dict.fromkeys(metrics))
    depths = [parse_metric(name)[1] for name in wanted]
    sets = read_label_sets(run)
    found: dict[str, DocumentStatistic] = {}
    if any(depths):
        ranking = read_ranking(run, sets.gold, max(depths))
        weights = propensities_from_counts(run.train_counts, max(1, run.n_train))
        found |= {name: _ranked(name, ranking, weights) for name in wanted if parse_metric(name)[1]}
    if not all(depths):
        counts = SetCounts.of(sets.predicted, sets.gold)
        found |= {name: _SETS[name](counts) for name in wanted if name in _SETS}
    return {name: found[name] for name in wanted}


def parse_metric(name: str) -> tuple[str, int]:
    """A metric's name in the catalogue and its k, 0 where it has none: "P@3" is ("P@k", 3).

    Raises:
        WorkbenchError: for an unknown name, with the nearest known one, or a k that is no number.
    """
    describe(name)
    match = re.fullmatch(r"(.+@)(\d+)", name)
    if match:
        return f"{match[1]}k", int(match[2])
    if name.endswith("@k"):
        raise WorkbenchError(f"{name!r} needs a number for its k, as in {name[:-1]}5.")
    return name, 0


@dataclass(frozen=True, eq=False)
class SetCounts:
    """Predicted sets against gold ones: csr_array (N, L) of 0/1 each; `correct` is in both."""

    correct: sparse.csr_array
    predicted: sparse.csr_array
    gold: sparse.csr_array

    @classmethod
    def of(cls, predicted: Any, gold: Any) -> SetCounts:
        """Shapes: (N, L) of 0 and 1, dense or sparse."""
        sets, truth = (
            label_rows(one, name).astype(np.float64)
            for one, name in ((predicted, "predicted"), (gold, "gold"))
        )
        return cls(sparse.csr_array(sets.multiply(truth)), sets, truth)

    def by_document(self) -> tuple[Values, Values, Values]:
        """Correct, predicted and gold labels of each document, (N,) each."""
        correct, predicted, gold = (
            np.asarray(one.sum(axis=1), dtype=np.float64).reshape(-1)
            for one in (self.correct, self.predicted, self.gold)
        )
        return correct, predicted, gold


def _micro(counts: SetCounts, over: Callable[[Values, Values], Values], times: float = 1.0) -> Share:
    correct, predicted, gold = counts.by_document()
    return Share(times * correct, over(predicted, gold), 0.0)


def _example(counts: SetCounts, of: Callable[[Values, Values, Values], Values]) -> Share:
    return mean_of(of(*counts.by_document()))


_SETS: Mapping[str, Callable[[SetCounts], DocumentStatistic]] = {
    "micro_precision": lambda counts: _micro(counts, lambda predicted, gold: predicted),
    "micro_recall": lambda counts: _micro(counts, lambda predicted, gold: gold),
    "micro_F1": lambda counts: _micro(counts, lambda predicted, gold: predicted + gold, 2.0),
    "macro_precision": lambda counts: MacroShare(counts.correct, counts.predicted),
    "macro_recall": lambda counts: MacroShare(counts.correct, counts.gold),
    "macro_F1": lambda counts: MacroShare(2 * counts.correct, counts.predicted + counts.gold),
    "macro_F1_gold": lambda counts: MacroShare(
        2 * counts.correct, counts.predicted + counts.gold, counts.gold
    ),
    "hamming_loss": lambda counts: _example(
        counts, lambda correct, predicted, gold: (predicted + gold - 2 * correct) / counts.gold.shape[1]
    ),
    "subset_accuracy": lambda counts: _example(
        counts, lambda correct, predicted, gold: ((correct == predicted) & (correct == gold)).astype(float)
    ),
    "example_F1": lambda counts: _example(
        counts, lambda correct, predicted, gold: 2 * correct / np.maximum(predicted + gold, 1)
    ),
}

_RANKED: Mapping[str, Callable[[Ranking, int], Values]] = {
    "P@k": Ranking.precision_per_document,
    "R@k": Ranking.recall_per_document,
    "nDCG@k": Ranking.ndcg_per_document,
}


def _ranked(name: str, ranking: Ranking, propensities: Values) -> DocumentStatistic:
    pattern, k = parse_metric(name)
    if pattern == "PSP@k":
        return Share(*ranking.propensity_gains(propensities, k))
    if pattern == "macro_P@k":
        return _macro_precision(ranking, k)
    return mean_of(np.where(ranking.labelled, _RANKED[pattern](ranking, k), np.nan))


def _macro_precision(ranking: Ranking, k: int) -> MacroShare:
    """Of the labelled documents whose first k hold a label, those where it is right."""
    labels, hits = ranking.labels[:, :k], ranking.hits[:, :k]
    ends = labels.shape[1] * np.arange(len(labels) + 1)
    shape = (len(labels), ranking.gold.shape[1])
    there, right = (
        sparse.csr_array((one.astype(np.float64).ravel(), labels.ravel(), ends), shape=shape)
        for one in (np.broadcast_to(ranking.labelled[:, None], labels.shape), hits)
    )
    return MacroShare(right, there, labelled=ranking.labelled.astype(np.float64))


def _ratio(part: Values, whole: Values, if_none: float) -> Values:
    return np.divide(part, whole, out=np.full(np.shape(part), if_none), where=whole > 0)
