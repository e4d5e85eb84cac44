"""Ranking metrics: the order of the labels is judged, no threshold is needed.

Documents without labels have no ideal ranking and are left out of every mean here (`Ranking.labelled` says
which are in). Ties are broken by label index. A `k` beyond the number of labels ranks them all; P@k still
divides by k. Where no document has a label the result is nan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import WorkbenchError
from workbench.metrics.blocks import map_blocks
from workbench.metrics.indicator import Indicator, as_indicator
from workbench.metrics.inputs import as_rank, as_scores, require_same_shape
from workbench.metrics.topk import top_k_block

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Ranking:
    """The best labels of each document and which of them are right: computed once, shared by every metric.

    Shapes: labels (N, K) int32, best first; hits (N, K) bool; sizes (N,) the number of gold labels.
    """

    labels: NDArray[np.int32]
    hits: NDArray[np.bool_]
    sizes: NDArray[np.int32]
    gold: Indicator
    depth: int

    @property
    def labelled(self) -> NDArray[np.bool_]:
        """Which documents have a gold label and so take part, (N,)."""
        return self.sizes > 0

    def precision_per_document(self, k: SupportsIndex) -> Values:
        """Hits among the first k, divided by k, (N,)."""
        k = self._within(k)
        return self._gains(np.ones(self._width(k))) / k

    def recall_per_document(self, k: SupportsIndex) -> Values:
        """Hits among the first k, divided by the number of gold labels, (N,); 0 without labels."""
        return self._gains(np.ones(self._width(self._within(k)))) / np.maximum(self.sizes, 1)

    def ndcg_per_document(self, k: SupportsIndex) -> Values:
        """DCG of the first k over that of min(k, |K_i|) positives in front, (N,); 0 without labels."""
        width = self._width(self._within(k))
        discounts = 1.0 / np.log2(np.arange(width) + 2.0)  # (width,)
        ideal = np.concatenate(
            [[1.0], np.cumsum(discounts)]
        )  # by number of positives; 0 of them gain nothing
        return self._gains(discounts) / ideal[np.minimum(self.sizes, width)]

    def psp(self, propensities: ArrayLike, k: SupportsIndex, normalised: bool = True) -> float:
        """Propensity-scored precision; see `psp_at_k`."""
        gained, best = self.propensity_gains(propensities, k)
        if not self.labelled.any():
            return float("nan")
        if normalised:
            return float(gained.sum() / best.sum())
        return float(gained.sum()) / (self._within(k) * int(self.labelled.sum()))

    def propensity_gains(self, propensities: ArrayLike, k: SupportsIndex) -> tuple[Values, Values]:
        """What the first k of each document gain, and the most they could, where a label counts 1 / p_l.

        Shapes: two of (N,); 0 without labels.
        """
        k = self._within(k)
        weights = 1.0 / _as_propensities(propensities, self.gold.shape[1])  # (L,)
        gained = np.zeros(len(self.hits))
        for j in range(self._width(k)):
            hits = self.hits[:, j]
            gained[hits] += weights[self.labels[hits, j]]
        return gained, _best_gains(self.gold, weights, k)

    def label_hits(self, k: SupportsIndex) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Per label: in how many labelled documents the first k hold it rightly, and in how many at all.

        Shapes: two of (L,).
        """
        width = self._width(self._within(k))
        n_labels = self.gold.shape[1]
        right, there = np.zeros((2, n_labels), dtype=np.int64)
        for j in range(width):
            right += np.bincount(self.labels[:, j][self.hits[:, j]], minlength=n_labels)
            there += np.bincount(self.labels[:, j][self.labelled], minlength=n_labels)
        return right, there

    def label_precision(self, k: SupportsIndex) -> Values:
        """Per label: of the documents whose first k hold it, the share where it is right, (L,); else 0."""
        right, there = self.label_hits(k)
        return right / np.maximum(there, 1)

    def mean(self, per_document: Values) -> float:
        """The mean over the documents that have a label."""
        labelled = self.labelled
        return float(per_document[labelled].mean()) if labelled.any() else float("nan")

    def _width(self, k: int) -> int:
        return min(k, self.labels.shape[1])

    def _within(self, k: SupportsIndex) -> int:
        value = as_rank(k)
        if value > self.depth and self.labels.shape[1] < self.gold.shape[1]:
            raise WorkbenchError(
                f"k={value}, but only the first {self.depth} labels were ranked; rank more of them."
            )
        return value

    def _gains(self, weights: Values) -> Values:
        """Sum of the weights of the ranks that hit, (N,); weights (width,)."""
        total = np.zeros(len(self.hits))
        for j, weight in enumerate(weights):
            total += self.hits[:, j] * weight
        return total


def rank(scores: ArrayLike, targets: Any, k: SupportsIndex) -> Ranking:
    """Rank the first k labels of every document once, for all the metrics of a report.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse.

    Raises:
        WorkbenchError: for shapes that differ, k below 1, a NaN score (its row is named), targets other than
            0 and 1.
    """
    table, depth = as_scores(scores), as_rank(k)
    gold = as_indicator(targets, "targets")
    require_same_shape(table.shape, "scores", gold.shape, "targets")
    n_documents, width = len(table), min(depth, table.shape[1])
    labels = np.empty((width, n_documents), dtype=np.int32).T

    def fill(start: int, stop: int) -> None:
        labels[start:stop] = top_k_block(table[start:stop], width, start)

    map_blocks(fill, *table.shape)
    return ranked(labels, gold, depth)


def ranked(labels: NDArray[np.int32], targets: Any, k: SupportsIndex) -> Ranking:
    """The ranking whose first labels are known: what `rank` gives, without looking at a score.

    Shapes: labels (N, min(k, L)), best first; targets (N, L) of 0 and 1, dense or sparse.

    Raises:
        WorkbenchError: for another number of documents or labels, one that is none of the L, k below 1, and
            targets other than 0 and 1.
    """
    gold, depth = as_indicator(targets, "targets"), as_rank(k)
    n_documents, width = gold.shape[0], min(depth, gold.shape[1])
    require_same_shape(labels.shape, "labels", (n_documents, width), "the first ones")
    if labels.size and not (labels.min() >= 0 and labels.max() < gold.shape[1]):
        raise WorkbenchError(f"Ranked labels are from {labels.min()} to {labels.max()} of {gold.shape[1]}.")
    hits = np.empty((width, n_documents), dtype=np.bool_).T
    sizes = np.empty(n_documents, dtype=np.int32)

    def fill(start: int, stop: int) -> None:
        hits[start:stop] = np.take_along_axis(gold.mask(start, stop), labels[start:stop], axis=1)
        sizes[start:stop] = gold.sizes(start, stop)

    map_blocks(fill, *gold.shape)
    return Ranking(labels, hits, sizes, gold, depth)


def precision_at_k(scores: ArrayLike, targets: Any, k: SupportsIndex) -> float:
    """P@k: the mean share of right labels among the first k of a document.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse. Raises as `rank`.
    """
    ranking = rank(scores, targets, k)
    return ranking.mean(ranking.precision_per_document(k))


def recall_at_k(scores: ArrayLike, targets: Any, k: SupportsIndex) -> float:
    """R@k: the mean share of a document's gold labels that are among its first k.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse. Raises as `rank`.
    """
    ranking = rank(scores, targets, k)
    return ranking.mean(ranking.recall_per_document(k))


def ndcg_at_k(scores: ArrayLike, targets: Any, k: SupportsIndex) -> float:
    """nDCG@k: gain 1, discount 1 / log2(rank + 1), over the DCG of min(k, |K_i|) positives in front.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse. Raises as `rank`.
    """
    ranking = rank(scores, targets, k)
    return ranking.mean(ranking.ndcg_per_document(k))


def psp_at_k(
    scores: ArrayLike, targets: Any, propensities: ArrayLike, k: SupportsIndex, normalised: bool = True
) -> float:
    """PSP@k: precision where a right label counts 1 / p_l, so that rare labels weigh more (Jain et al. 2016).

    Normalised as the field reports it: the gain summed over all documents, divided by the highest sum a
    ranking of the same documents can reach (a ratio of sums, not a mean of ratios); in [0, 1]. Not
    normalised: the mean over documents of the gain divided by k, which can pass 1.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse; propensities (L,) in (0, 1].
    Raises as `rank`, and WorkbenchError for propensities that are not (L,) above zero.
    """
    return rank(scores, targets, k).psp(propensities, k, normalised)


def macro_precision_at_k(
    scores: ArrayLike, targets: Any, k: SupportsIndex, over: Literal["all", "gold"] = "all"
) -> float:
    """Macro P@k: each label's precision when a document's first k labels are its prediction; the mean.

    The papers that report it (LSFA, Figure 1b) do not define it. This is the usual reading, precision with
    macro-averaging "budgeted at k": of the labelled documents whose first k hold the label, the share where
    it is right; a label that no document holds there has precision 0, as in scikit-learn. `over="gold"` takes
    the mean over the labels that occur in `targets` rather than over all L.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse. Raises as `rank`.
    """
    ranking = rank(scores, targets, k)
    chosen = labels_to_average(ranking.gold.label_counts(), over)
    precision = ranking.label_precision(k)[chosen]
    return float(precision.mean()) if precision.size and ranking.labelled.any() else float("nan")


def labels_to_average(
    gold_counts: NDArray[np.integer[Any]], over: Literal["all", "gold"]
) -> NDArray[np.bool_]:
    """Which labels a macro-average takes in: every label, or those that occur in the gold, (L,)."""
    if over == "all":
        return np.ones(len(gold_counts), dtype=np.bool_)
    if over == "gold":
        return gold_counts > 0
    raise WorkbenchError(f"over={over!r}; expected 'all' labels or those in the 'gold'.")


def _as_propensities(propensities: ArrayLike, n_labels: int) -> Values:
    values = np.asarray(propensities, dtype=np.float64)
    if values.shape != (n_labels,) or not (values > 0).all():
        raise WorkbenchError(
            f"Propensities have shape {values.shape}; expected ({n_labels},), one above zero for each label."
        )
    return values


def _best_gains(gold: Indicator, weights: Values, k: int) -> Values:
    """The highest sum of weights that k labels of each document can reach, (N,): its k heaviest gold."""
    n_labels = len(weights)
    by_weight = np.argsort(-weights, kind="stable")  # heaviest first
    place = np.empty(n_labels, dtype=np.int64)
    place[by_weight] = np.arange(n_labels)

    def best(start: int, stop: int) -> Values:
        rows, labels = gold.positives(start, stop)
        keys = np.sort(rows * n_labels + place[labels])  # by document, heaviest first
        firsts = np.concatenate([[0], np.cumsum(gold.sizes(start, stop))[:-1]])
        among_best = np.arange(len(keys)) - firsts[keys // n_labels] < k
        heaviest = keys[among_best]
        gains = weights[by_weight[heaviest % n_labels]]
        return np.bincount(heaviest // n_labels, gains, minlength=stop - start).astype(np.float64, copy=False)

    return np.concatenate(map_blocks(best, gold.shape[0], gold.cells_read))
