"""From scores to label sets: a label is predicted where its score is at least the threshold.

A threshold is fixed, tuned on validation scores over all labels, or tuned for each label. Tuning is exact:
every threshold that can change the result is tried, not a grid.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import WorkbenchError
from workbench.metrics.blocks import map_blocks, row_blocks
from workbench.metrics.indicator import Bools, Indicator, ThresholdedScores, as_indicator
from workbench.metrics.inputs import Floats, as_scores, refuse_nan, require_same_shape

DEFAULT_THRESHOLD = 0.5
_COLUMNS_AT_ONCE = 16  # one cache line of float32: fewer would read all of the scores again for each label


def threshold_scores(scores: ArrayLike, threshold: ArrayLike = DEFAULT_THRESHOLD) -> ThresholdedScores:
    """The predicted sets without the (N, L) table: every set metric takes them in place of `predicted`.

    Shapes: scores (N, L); threshold one number or (L,), where infinity never predicts.

    Raises:
        WorkbenchError: for a threshold of another shape or NaN; when read, for a NaN score (its row is
            named).
    """
    table = as_scores(scores)
    limits = np.asarray(threshold, dtype=np.float64)
    if limits.shape not in ((), (table.shape[1],)):
        raise WorkbenchError(
            f"The threshold has shape {limits.shape}; expected one number, "
            f"or ({table.shape[1]},): one for each label."
        )
    if np.isnan(limits).any():
        raise WorkbenchError(
            "The threshold is NaN; give a number, or infinity for a label never to be predicted."
        )
    return ThresholdedScores(table, _round_up(limits, table.dtype))


def apply_threshold(scores: ArrayLike, threshold: ArrayLike = DEFAULT_THRESHOLD) -> Bools:
    """Which labels are predicted: score >= threshold.

    Shapes: scores (N, L); threshold one number or (L,) -> (N, L) bool. Raises as `threshold_scores`.
    """
    sets = threshold_scores(scores, threshold)
    predicted = np.empty(sets.shape, dtype=np.bool_)

    def fill(start: int, stop: int) -> None:
        predicted[start:stop] = sets.mask(start, stop)

    map_blocks(fill, *sets.shape)
    return predicted


def tune_threshold(scores: ArrayLike, targets: Any) -> float:
    """The one threshold of highest micro-F1 on validation scores; of several as good, the highest.

    Only the scores of gold labels can be best: between two of them a lower threshold adds wrong labels alone.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse.

    Raises:
        WorkbenchError: for shapes that differ, a NaN score, or targets without any label.
    """
    table, gold = _aligned(scores, targets)
    counts = gold.label_counts()
    if not counts.any():
        raise WorkbenchError(
            "The targets hold no label, so no threshold can be tuned on them; use a fixed one."
        )
    positive = _scores_of_gold(table, gold, int(counts.sum()))
    everything = np.array(table, order="C").reshape(-1)
    everything.sort()
    return best_threshold(everything, positive)


def tune_label_thresholds(
    scores: ArrayLike, targets: Any, *, fallback: float | None = None, min_positives: int = 1
) -> NDArray[np.float64]:
    """For each label the threshold of its highest F1 on validation scores; of several as good, the highest.

    A label with fewer than `min_positives` gold documents in validation gives nothing to tune on and takes
    `fallback`; by default that is the threshold tuned over all labels. A few more than one guards against
    thresholds tuned on a single document.

    Shapes: scores (N, L) float; targets (N, L) of 0 and 1, dense or sparse -> (L,). Raises as
    `tune_threshold`.
    """
    table, gold = _aligned(scores, targets)
    tuned = gold.label_counts() >= max(1, min_positives)
    thresholds = np.empty(table.shape[1])
    if not tuned.all():
        thresholds[:] = tune_threshold(table, gold) if fallback is None else fallback

    def tune(start: int, stop: int) -> None:
        first, last = start * _COLUMNS_AT_ONCE, min(stop * _COLUMNS_AT_ONCE, table.shape[1])
        refuse_nan(table[:, first:last], first_label=first)
        columns, mask = np.ascontiguousarray(table[:, first:last].T), gold.columns(first, last)
        for label in np.flatnonzero(tuned[first:last]):
            positive = np.sort(columns[label, mask[:, label]])
            thresholds[first + label] = best_threshold(np.sort(columns[label]), positive)

    map_blocks(tune, -(-table.shape[1] // _COLUMNS_AT_ONCE), len(table) * _COLUMNS_AT_ONCE)
    return thresholds


def choose_threshold(kind: str, scores: ArrayLike, targets: Any) -> float | NDArray[np.float64]:
    """The threshold(s) of a kind, from validation scores only: what a run's setting `threshold` asks for.

    "fixed" is `DEFAULT_THRESHOLD`, "tuned" one for all labels, anything else one for each. Shapes and errors
    as `tune_threshold`.
    """
    if kind == "fixed":
        return DEFAULT_THRESHOLD
    return tune_threshold(scores, targets) if kind == "tuned" else tune_label_thresholds(scores, targets)


def best_threshold(everything: Floats, positive: Floats) -> float:
    """The positive score t of highest F1 when all at or above t are predicted; both inputs sorted upwards.

    F1(t) = 2 tp(t) / (predicted(t) + gold), with the counts read off the sorted scores.

    Shapes: everything (M,), positive (P,) a part of it, P > 0.
    """
    best, best_f1 = float("inf"), -1.0
    for start, stop in reversed(row_blocks(len(positive), 1)):
        candidates = positive[start:stop]
        correct = len(positive) - np.searchsorted(positive, candidates, side="left")
        predicted = len(everything) - np.searchsorted(everything, candidates, side="left")
        f1 = 2.0 * correct / (predicted + len(positive))
        place = len(f1) - 1 - int(np.argmax(f1[::-1]))  # the last of equals: the highest threshold
        if f1[place] > best_f1:
            best, best_f1 = float(candidates[place]), float(f1[place])
    return best


def _aligned(scores: ArrayLike, targets: Any) -> tuple[Floats, Indicator]:
    table, gold = as_scores(scores), as_indicator(targets, "targets")
    require_same_shape(table.shape, "scores", gold.shape, "targets")
    return table, gold


def _scores_of_gold(table: Floats, gold: Indicator, n_positive: int) -> Floats:
    """The scores of all gold labels, sorted upwards, (n_positive,); refuses NaN anywhere in the scores."""
    positive, filled = np.empty(n_positive, dtype=table.dtype), 0
    for start, stop in row_blocks(*table.shape):
        block = table[start:stop]
        refuse_nan(block, start)
        chosen = block[gold.positives(start, stop)]
        positive[filled : filled + len(chosen)] = chosen
        filled += len(chosen)
    positive.sort()
    return positive


def _round_up(limits: NDArray[np.float64], dtype: np.dtype[Any]) -> Floats:
    """The least numbers of the scores' type not below the limits: the same sets, compared faster."""
    with np.errstate(over="ignore"):
        narrow = limits.astype(dtype)
        return np.where(narrow < limits, np.nextafter(narrow, dtype.type(np.inf)), narrow)
