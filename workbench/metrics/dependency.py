"""Which labels come with which, in the gold and in what a model predicts: label dependency as LACO has it.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Eq. 8 and Table 6. Label sets are (N, L) of 0 and 1, dense or sparse, or an `Indicator`; no second dense
(N, L) is made of them, and only `conditional_probabilities` makes a dense (L, L).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics.blocks import map_blocks
from workbench.metrics.indicator import as_indicator

Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class ConditionalProbabilities:
    """p(b | a) = #(a, b) / #(a) of every pair of labels, with the counts behind it.

    Attributes:
        probability: (L, L), row a and column b; NaN on the diagonal, and where nothing is known of a.
        together: (L, L) int32, documents with both labels; 0 on the diagonal.
        given: (L,) int64, documents with label a.
    """

    probability: Values
    together: NDArray[np.int32]
    given: NDArray[np.int64]


@dataclass(frozen=True)
class LabelCombinations:
    """How many different label sets there are; a combination has at least one label.

    Attributes:
        predicted: different ones among the predictions.
        gold: different ones among the gold label sets.
        unseen: predicted ones that no training document has.
        documents_unseen: documents for which such a one is predicted.
        documents_empty: documents for which no label is predicted.
        documents_gold_unseen: documents whose gold combination no training document has.
        subset_accuracy_gold_unseen: share of these whose predicted set is exactly the gold one; else NaN.
    """

    predicted: int
    gold: int
    unseen: int
    documents_unseen: int
    documents_empty: int
    documents_gold_unseen: int
    subset_accuracy_gold_unseen: float


def count_pairs(rows: sparse.csr_array) -> tuple[NDArray[np.int64], sparse.csr_array]:
    """Documents of each label, and of each pair of labels, from (N, L) of 0 and 1.

    Shapes: -> (L,), and csr_array (L, L) int32, symmetric with an empty diagonal and sorted indices.
    """
    rows = rows.astype(np.int32)
    pairs = sparse.coo_array(rows.T @ rows)
    apart = (pairs.row != pairs.col) & (pairs.data > 0)
    together = sparse.csr_array(
        (pairs.data[apart], (pairs.row[apart], pairs.col[apart])), shape=pairs.shape, dtype=np.int32
    )
    together.sort_indices()
    return np.asarray(rows.sum(axis=0, dtype=np.int64)).reshape(-1), together


def conditional_probabilities(targets: Any, smoothing: float = 0.0) -> ConditionalProbabilities:
    """The share of documents with label a that have label b too, for every pair.

    With `smoothing` s it is (#(a, b) + s / (L - 1)) / (#(a) + s): as if s further documents of label a had
    one other label each, spread evenly over the L - 1 others. Labels without a document then have 1 / (L - 1)
    throughout; without smoothing they have NaN.

    Shapes: targets (N, L) of 0 and 1, dense or sparse -> (L, L); 4,000 labels take 200 MB.

    Raises:
        WorkbenchError: for values other than 0 and 1, or smoothing below 0.
    """
    given, together = count_pairs(label_rows(targets, "targets"))
    counts = together.toarray()
    probability = _probability(counts, given[:, None], len(given), smoothing)
    np.fill_diagonal(probability, np.nan)
    return ConditionalProbabilities(probability, counts, given)


def conditional_divergence(gold: Any, predicted: Any, smoothing: float = 1.0) -> float:
    """How far the label pairs of the predictions are from those of the gold, in nats (Eq. 8); 0 when alike.

    The sum over ordered pairs a != b that some gold document has of p_gold(b | a) log (p_gold(b | a) /
    p_predicted(b | a)). Both probabilities are smoothed, see `conditional_probabilities`: the paper prints
    no smoothing, but a pair that is never predicted would make the sum infinite, as it does for smoothing 0.
    The probabilities of a row do not add up to 1, for a document has several labels, so that the sum can fall
    below 0, where pairs are predicted too often. It says nothing about whether documents got their labels.

    Shapes: gold (N, L) and predicted (M, L) of 0 and 1, dense or sparse, not necessarily of the same
    documents.

    Raises:
        WorkbenchError: for different numbers of labels, values other than 0 and 1, or smoothing below 0.
    """
    rows, others = label_rows(gold, "gold"), label_rows(predicted, "predicted")
    n_labels = rows.shape[1]
    _require_same_labels(n_labels, "gold", others.shape[1], "predicted")
    (gold_given, gold_pairs), (given, pairs) = count_pairs(rows), count_pairs(others)
    found = sparse.coo_array(gold_pairs)
    together = _counts_at(pairs, found.row, found.col)
    p_gold = _probability(found.data, gold_given[found.row], n_labels, smoothing)
    p_predicted = np.nan_to_num(_probability(together, given[found.row], n_labels, smoothing))
    with np.errstate(divide="ignore"):
        return float(np.sum(p_gold * (np.log(p_gold) - np.log(p_predicted))))


def label_combinations(predicted: Any, gold: Any, train: Any) -> LabelCombinations:
    """How varied the predicted label sets are, and how many of them training never showed (Table 6).

    Shapes: predicted and gold (N, L), train (M, L) of 0 and 1, dense or sparse.

    Raises:
        WorkbenchError: for shapes that do not fit, or values other than 0 and 1.
    """
    given = label_rows(predicted, "predicted"), label_rows(gold, "gold"), label_rows(train, "train")
    for other, name in zip(given[1:], ("gold", "train"), strict=True):
        _require_same_labels(given[0].shape[1], "predicted", other.shape[1], name)
    sets, truth, shown = (combination_keys(rows) for rows in given)
    if len(sets) != len(truth):
        raise WorkbenchError(
            f"predicted have {len(sets)} documents but gold have {len(truth)}; both must be of the same ones."
        )
    known = {*shown, b""}
    predictions, golds = Counter(sets), Counter(truth)
    of_unseen = [one == other for one, other in zip(sets, truth, strict=True) if other not in known]
    return LabelCombinations(
        predicted=len(predictions.keys() - {b""}),
        gold=len(golds.keys() - {b""}),
        unseen=len(predictions.keys() - known),
        documents_unseen=sum(many for one, many in predictions.items() if one not in known),
        documents_empty=predictions[b""],
        documents_gold_unseen=len(of_unseen),
        subset_accuracy_gold_unseen=float(np.mean(of_unseen)) if of_unseen else float("nan"),
    )


def label_rows(values: Any, what: str) -> sparse.csr_array:
    """The labels of each document, (N, L) of 0 and 1 with sorted indices; read block by block."""
    indicator = as_indicator(values, what)

    def read(start: int, stop: int) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        rows, labels = indicator.positives(start, stop)
        return labels.astype(np.int32), np.bincount(rows, minlength=stop - start)

    blocks = map_blocks(read, indicator.shape[0], indicator.cells_read)
    indices = np.concatenate([labels for labels, _ in blocks])
    indptr = np.concatenate([[0], np.cumsum(np.concatenate([sizes for _, sizes in blocks]))])
    return sparse.csr_array((np.ones(len(indices), np.uint8), indices, indptr), shape=indicator.shape)


def combination_keys(rows: sparse.csr_array) -> list[bytes]:
    """Each document's labels as bytes, from `label_rows`: equal for equal sets, and empty for none.

    `np.frombuffer(key, np.int32)` gives the labels back.
    """
    indices, ends = rows.indices.astype(np.int32), rows.indptr.tolist()
    return [indices[start:stop].tobytes() for start, stop in pairwise(ends)]


def _counts_at(pairs: sparse.csr_array, a: NDArray[Any], b: NDArray[Any]) -> NDArray[np.int64]:
    """#(a, b) of the pairs (K,) -> (K,): 0 for those that are not stored."""
    stored, n_labels = sparse.coo_array(pairs), pairs.shape[1]
    keys = stored.row.astype(np.int64) * n_labels + stored.col  # ascending, as the indices are sorted
    sought = a.astype(np.int64) * n_labels + b
    places = np.searchsorted(keys, sought)
    counts = np.append(stored.data, 0).astype(np.int64)
    return np.where(np.append(keys, -1)[places] == sought, counts[places], 0)


def _probability(together: NDArray[Any], given: NDArray[Any], n_labels: int, smoothing: float) -> Values:
    """#(a, b) / #(a), smoothed; NaN for 0 / 0."""
    if not smoothing >= 0:
        raise WorkbenchError(f"smoothing={smoothing}; expected a number of documents of at least 0.")
    part = together + smoothing / max(1, n_labels - 1)
    whole = np.broadcast_to(given + float(smoothing), part.shape)
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)


def _require_same_labels(first: int, first_name: str, second: int, second_name: str) -> None:
    if first != second:
        raise WorkbenchError(
            f"{first_name} have {first} labels but {second_name} have {second}; "
            "both must come from the same label list."
        )
