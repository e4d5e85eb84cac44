"""Metrics of predicted label sets against gold ones. Documents without labels take part in all of them.

Every function takes `predicted` and `targets` as (N, L) of 0 and 1, dense or sparse, and raises
WorkbenchError for shapes that differ or other values. Where a ratio is 0 / 0 its value is `zero_division`, as
in scikit-learn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from workbench.metrics.blocks import map_blocks
from workbench.metrics.indicator import Indicator, as_indicator
from workbench.metrics.inputs import require_same_shape
from workbench.metrics.ranking import labels_to_average

Counts = NDArray[np.integer[Any]]
Values = NDArray[np.float64]


class PRF(NamedTuple):
    """Precision, recall and F1, each a fraction."""

    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, eq=False)
class Confusion:
    """What all set metrics need, counted in one pass: correct, predicted and gold, by label and by document.

    Shapes: label_* (L,), document_* (N,).
    """

    label_correct: Counts
    label_predicted: Counts
    label_gold: Counts
    document_correct: Counts
    document_predicted: Counts
    document_gold: Counts

    def micro(self, labels: NDArray[np.bool_] | None = None, zero_division: float = 0.0) -> PRF:
        """Precision, recall and F1 of the counts summed over the labels (all of them, or those chosen)."""
        chosen = slice(None) if labels is None else labels
        sums = (self.label_correct[chosen], self.label_predicted[chosen], self.label_gold[chosen])
        correct, predicted, gold = (np.asarray([counts.sum()]) for counts in sums)
        per_sum = _prf(correct, predicted, gold, zero_division)
        return PRF(*(float(value[0]) for value in per_sum))

    def per_label(self, zero_division: float = 0.0) -> tuple[Values, Values, Values]:
        """Precision, recall and F1 of each label, (L,) each."""
        return _prf(self.label_correct, self.label_predicted, self.label_gold, zero_division)

    def macro(self, labels: NDArray[np.bool_] | None = None, zero_division: float = 0.0) -> PRF:
        """Means over the labels (all of them, or those chosen) of each label's precision, recall and F1."""
        chosen = slice(None) if labels is None else labels
        columns = [values[chosen] for values in self.per_label(zero_division)]
        return PRF(*(float(values.mean()) if values.size else float("nan") for values in columns))

    def hamming_loss(self) -> float:
        """See `hamming_loss`."""
        correct, predicted, gold = (
            int(c.sum()) for c in (self.label_correct, self.label_predicted, self.label_gold)
        )
        return (predicted + gold - 2 * correct) / (len(self.document_gold) * len(self.label_gold))

    def subset_accuracy(self) -> float:
        """See `subset_accuracy`."""
        right = (self.document_correct == self.document_gold) & (
            self.document_correct == self.document_predicted
        )
        return float(right.mean())

    def example_f1(self, zero_division: float = 0.0) -> float:
        """See `example_f1`."""
        return float(
            _f1(self.document_correct, self.document_predicted, self.document_gold, zero_division).mean()
        )


def confusion(predicted: Any, targets: Any) -> Confusion:
    """Count what is correct, predicted and gold, for every set metric of a report at once.

    Shapes: predicted, targets (N, L) of 0 and 1, dense or sparse.
    """
    sets, gold = as_indicator(predicted, "predicted"), as_indicator(targets, "targets")
    require_same_shape(sets.shape, "predicted", gold.shape, "targets")
    n_documents, n_labels = gold.shape
    by_document = np.zeros((3, n_documents), dtype=np.int32)  # correct, predicted, gold

    def count(start: int, stop: int) -> Counts:
        by_label, by_document[:, start:stop] = _count_block(sets, gold, start, stop)
        return by_label

    by_label = np.zeros((3, n_labels), dtype=np.int64)
    for block in map_blocks(count, n_documents, n_labels):
        by_label += block
    return Confusion(*by_label, *by_document)


def _count_block(sets: Indicator, gold: Indicator, start: int, stop: int) -> tuple[Counts, Counts]:
    """Correct, predicted and gold of a block, by label (3, L) and by document (3, stop - start)."""
    n_labels, mask = gold.shape[1], sets.mask(start, stop)
    rows, labels = gold.positives(start, stop)
    hit = mask[rows, labels]
    by_label = np.empty((3, n_labels), dtype=np.int64)
    by_label[0] = np.bincount(labels[hit], minlength=n_labels)
    by_label[1] = np.sum(mask, axis=0, dtype=np.int32)
    by_label[2] = np.bincount(labels, minlength=n_labels)
    by_document = np.empty((3, stop - start), dtype=np.int32)
    by_document[0] = np.bincount(rows[hit], minlength=stop - start)
    by_document[1] = np.sum(mask, axis=1, dtype=np.int32)
    by_document[2] = gold.sizes(start, stop)
    return by_label, by_document


def hamming_loss(predicted: Any, targets: Any) -> float:
    """The share of the N x L decisions that are wrong; lower is better."""
    return confusion(predicted, targets).hamming_loss()


def micro_prf(predicted: Any, targets: Any, zero_division: float = 0.0) -> PRF:
    """Precision, recall and F1 of all decisions thrown together: frequent labels decide."""
    return confusion(predicted, targets).micro(zero_division=zero_division)


def macro_prf(
    predicted: Any, targets: Any, *, over: Literal["all", "gold"] = "all", zero_division: float = 0.0
) -> PRF:
    """Means over labels of each label's precision, recall and F1: rare labels count as much as frequent.

    Macro-F1 is the mean of the labels' F1, not the F1 of macro-precision and macro-recall. The field differs
    on labels that occur neither in the gold nor in the prediction: `over="all"` (scikit-learn,
    zero_division=0) has them in with 0, which lowers the mean where the test set misses labels; `over="gold"`
    takes the mean over the labels that occur in `targets`.
    """
    counts = confusion(predicted, targets)
    return counts.macro(labels_to_average(counts.label_gold, over), zero_division)


def subset_accuracy(predicted: Any, targets: Any) -> float:
    """The share of documents whose predicted set is exactly the gold one."""
    return confusion(predicted, targets).subset_accuracy()


def example_f1(predicted: Any, targets: Any, zero_division: float = 0.0) -> float:
    """The mean over documents of the F1 of the set; `zero_division` where it is empty and rightly so."""
    return confusion(predicted, targets).example_f1(zero_division)


def _prf(
    correct: Counts, predicted: Counts, gold: Counts, zero_division: float
) -> tuple[Values, Values, Values]:
    precision = _ratio(correct, predicted, zero_division)
    recall = _ratio(correct, gold, zero_division)
    return precision, recall, _f1(correct, predicted, gold, zero_division)


def _f1(correct: Counts, predicted: Counts, gold: Counts, zero_division: float) -> Values:
    return _ratio(2 * correct, predicted + gold, zero_division)


def _ratio(part: Counts, whole: Counts, zero_division: float) -> Values:
    result = np.full(len(whole), zero_division, dtype=np.float64)
    return np.divide(part, whole, out=result, where=whole > 0)
