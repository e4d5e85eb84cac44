"""Which labels a run predicts: those at or above its threshold, or the sets that its method itself says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.metrics import DEFAULT_THRESHOLD, apply_threshold, threshold_scores
from workbench.metrics.indicator import Indicator, as_indicator
from workbench.runs.predictions import PREDICTED
from workbench.runs.store import Run


def threshold_of(run: Run) -> float | NDArray[np.float64]:
    """The threshold(s) chosen on validation documents, at or above which the run predicts a label.

    NaN for a run whose method says sets: no score decides there.
    """
    threshold = np.asarray(run.metrics.get("threshold", DEFAULT_THRESHOLD), dtype=np.float64)
    return threshold if threshold.ndim else float(threshold)


class PredictedSets:
    """The label sets that a finished run predicts for its N test documents."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._said = None
        if says_sets(run):
            self._said = label_matrix(run.predictions[PREDICTED].to_numpy(), len(run.labels))

    @property
    def sets(self) -> Indicator:
        """All of them, (N, L)."""
        if self._said is not None:
            return as_indicator(self._said, "predictions")
        return threshold_scores(self._run.scores, threshold_of(self._run))

    def of_documents(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """The sets of the documents at these rows, (n,) -> (n, L)."""
        if self._said is not None:
            return self._said[rows].toarray().astype(np.bool_)
        return apply_threshold(_taken(self._run.scores, rows), threshold_of(self._run))

    def of_label(self, rows: NDArray[np.int64], label: int) -> NDArray[np.bool_]:
        """Which of the documents at these rows have one label, (n,) -> (n,)."""
        if self._said is not None:
            return self._said[rows][:, [label]].toarray().ravel().astype(np.bool_)
        threshold = np.broadcast_to(threshold_of(self._run), self._run.scores.shape[1:])[label]
        return apply_threshold(self._run.scores[rows, label][:, None], float(threshold)).ravel()


def says_sets(run: Run) -> bool:
    """Whether the run's method says sets itself, so that no threshold decides."""
    return PREDICTED in run.predictions


def label_matrix(lists: NDArray[np.object_], n_labels: int) -> sparse.csr_array:
    """Labels as predictions keep them, a list of indices a document (N,), as 0/1 (N, L)."""
    lengths = np.fromiter((len(labels) for labels in lists), dtype=np.int64, count=len(lists))
    indices = np.concatenate([np.zeros(0, dtype=np.int32), *lists]).astype(np.int32)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    ones = np.ones(len(indices), dtype=np.uint8)
    return sparse.csr_array((ones, indices, indptr), shape=(len(lists), n_labels))


def _taken(scores: np.ndarray, rows: NDArray[np.int64]) -> np.ndarray:
    """`scores[rows]`, not copied where the rows follow each other."""
    if not len(rows):
        return scores[:0]
    first, last = int(rows[0]), int(rows[-1])
    is_a_part = last - first + 1 == len(rows) and bool((np.diff(rows) == 1).all())
    return scores[first : last + 1] if is_a_part else scores[rows]
