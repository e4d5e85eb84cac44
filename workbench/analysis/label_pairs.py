"""Gold and predicted p(b | a) of the labels that have most to do with each other, and how far they are apart.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Eq. 8 and Table 5.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.cooccurrence import Cooccurrence, conditional_probability
from workbench.analysis.dependency import read_label_sets
from workbench.analysis.label_order import SINGLE_AT_MOST, arrange
from workbench.errors import WorkbenchError
from workbench.metrics import conditional_divergence
from workbench.metrics.dependency import label_rows
from workbench.runs.store import Run

SMOOTHING = 1.0
"""Of the divergence, in documents: see `metrics.conditional_divergence`."""
SHUFFLED, TRAINING = "labels shuffled", "training documents"
"""What runs are read against: gold labels dealt out by chance, and the label sets of training."""
SHUFFLES = 5
_PAIRS_AT_MOST = 500_000_000


@dataclass(frozen=True, eq=False)
class LabelRows:
    """Gold and predicted label sets of a run's N test documents, csr_array (N, L) of 0/1 each."""

    ids: NDArray[np.str_]
    gold: sparse.csr_array
    predicted: sparse.csr_array


def read_label_rows(run: Run) -> LabelRows:
    """The label sets of a finished run.

    Raises:
        WorkbenchError: as `dependency.read_label_sets`; for predictions of so many labels a document that
            counting their pairs would take minutes.
    """
    sets = read_label_sets(run)
    predicted = label_rows(sets.predicted, "predicted")
    sizes = np.diff(predicted.indptr).astype(np.float64)
    if np.square(sizes).sum() > _PAIRS_AT_MOST:
        raise WorkbenchError(
            f"Run {run.name!r} predicts {sizes.mean():,.0f} labels a document: too many to count pairs of. "
            "Its threshold is too low for its scores; train it longer."
        )
    return LabelRows(sets.ids.astype(np.str_), sets.gold, predicted)


def most_connected(found: Cooccurrence, at_most: int) -> NDArray[np.intp]:
    """Up to `at_most` of the labels that are seen: those that have most other labels beside them.

    Counted is each other label of each document. Ties by documents, then by index; in ascending order.
    """
    seen = found.seen
    beside = np.asarray(found.together.sum(axis=1)).reshape(-1)[seen]
    order = np.lexsort((seen, -found.counts[seen], -beside))
    return np.sort(seen[order[:at_most]])


def in_order(
    found: Cooccurrence, labels: NDArray[np.intp], names: Sequence[str], order: str
) -> NDArray[np.intp]:
    """`labels` (K,) as they stand along the axes of a picture, see `label_order.arrange`.

    Raises:
        WorkbenchError: for more than `label_order.SINGLE_AT_MOST` labels, or an unknown order.
    """
    if len(labels) > SINGLE_AT_MOST:
        raise WorkbenchError(f"{len(labels)} labels in one picture; at most {SINGLE_AT_MOST} can be drawn.")
    part = Cooccurrence(found.documents, found.counts[labels], found.together[labels][:, labels])
    groups = arrange(part, [names[label] for label in labels], order)
    return labels[np.concatenate([np.zeros(0, np.intp), *groups])]


def pair_arrays(
    gold: Cooccurrence, predicted: Cooccurrence, labels: NDArray[np.intp]
) -> dict[str, NDArray[np.float64]]:
    """Counts and probabilities of all pairs of `labels` (K,), row a and column b, each (K, K).

    Keys: gold_given and predicted_given (documents with a), gold_together and predicted_together (with a and
    b), gold and predicted (p(b | a); NaN where no document has a), difference (predicted minus gold). All
    are NaN on the diagonal.
    """
    arrays = {}
    for name, found in (("gold", gold), ("predicted", predicted)):
        together = found.together[labels][:, labels].toarray().astype(np.float64)
        given = np.broadcast_to(found.counts[labels][:, None], together.shape)
        arrays[f"{name}_given"], arrays[f"{name}_together"] = given.astype(np.float64), together
        arrays[name] = conditional_probability(together, given)
    arrays["difference"] = arrays["predicted"] - arrays["gold"]
    for values in arrays.values():
        np.fill_diagonal(values, np.nan)
    return arrays


def pair_differences(arrays: Mapping[str, NDArray[np.float64]], names: Sequence[str]) -> pd.DataFrame:
    """One row a pair of labels of `pair_arrays`, the largest difference first; `names` (K,).

    Columns: label_a, label_b, gold_documents_a, gold_together, gold_p_b_given_a, predicted_documents_a,
    predicted_together, predicted_p_b_given_a, difference (NaN where nothing is predicted to have a).
    """
    a, b = np.nonzero(~np.eye(len(names), dtype=bool))
    named = np.array(names, dtype=object)
    table = pd.DataFrame({"label_a": named[a], "label_b": named[b]})
    for side in ("gold", "predicted"):
        table[f"{side}_documents_a"] = arrays[f"{side}_given"][a, b].astype(np.int64)
        table[f"{side}_together"] = arrays[f"{side}_together"][a, b].astype(np.int64)
        table[f"{side}_p_b_given_a"] = arrays[side][a, b]
    table["difference"] = arrays["difference"][a, b]
    order = np.argsort(-table["difference"].abs().fillna(-1).to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def shuffle(targets: sparse.csr_array, seed: int) -> sparse.csr_array:
    """Targets (N, L) of 0/1 where each label is on as many documents, drawn without regard to others."""
    generator = np.random.default_rng(seed)
    n_documents, n_labels = targets.shape
    counts = np.bincount(targets.indices, minlength=n_labels)
    drawn = [generator.choice(n_documents, count, replace=False) for count in counts]
    rows = np.concatenate([np.zeros(0, np.int64), *drawn])
    places = rows, np.repeat(np.arange(n_labels), counts)
    return sparse.csr_array((np.ones(len(rows), np.uint8), places), shape=targets.shape)


def divergence_table(
    predicted: Mapping[str, sparse.csr_array],
    gold: sparse.csr_array,
    train: sparse.csr_array | None = None,
    smoothing: float = SMOOTHING,
) -> pd.DataFrame:
    """The divergence of Eq. 8 of each run, the nearest to 0 first, and of what they are read against.

    Columns: name (of the run, or `SHUFFLED`, or `TRAINING` where `train` is given), is_run, divergence (nats;
    of shuffled labels the mean of `SHUFFLES` draws). Shapes: predicted and gold (N, L), train (M, L).
    """
    rows = [(name, True, conditional_divergence(gold, sets, smoothing)) for name, sets in predicted.items()]
    shuffled = [conditional_divergence(gold, shuffle(gold, seed), smoothing) for seed in range(SHUFFLES)]
    rows.append((SHUFFLED, False, float(np.mean(shuffled))))
    if train is not None:
        rows.append((TRAINING, False, conditional_divergence(gold, train, smoothing)))
    table = pd.DataFrame(rows, columns=["name", "is_run", "divergence"])
    return table.sort_values("divergence", key=abs, kind="stable", ignore_index=True)
