"""The test documents whose vectors a run kept: gold labels, mistakes, scores, texts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.predicted_sets import PredictedSets, label_matrix
from workbench.errors import WorkbenchError
from workbench.metrics import Ranking, rank, ranked
from workbench.runs.store import Run

if TYPE_CHECKING:
    from workbench.data.corpus import Corpus

EMBEDDINGS, ROWS = "document_embeddings", "document_rows"
_CELLS_AT_ONCE = 4_000_000


@dataclass(frozen=True)
class Documents:
    """N test documents in the order of their vectors.

    Attributes:
        rows: (N,) rows of the test split, ascending.
        ids: (N,) names.
        gold: csr_array (N, L) of 0/1.
        best: (N,) the label of the highest score.
        missed: (N,) gold labels that the run does not predict.
        wrong: (N,) predicted labels that are not gold.
    """

    rows: NDArray[np.int64]
    ids: NDArray[np.str_]
    gold: sparse.csr_array
    best: NDArray[np.int64]
    missed: NDArray[np.int64]
    wrong: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: NDArray[np.int64]) -> Documents:
        """Only the documents at `places`."""
        return Documents(
            self.rows[places],
            self.ids[places],
            self.gold[places],
            self.best[places],
            self.missed[places],
            self.wrong[places],
        )


def read_documents(run: Run) -> Documents:
    """The documents of a finished run whose vectors it kept.

    Raises:
        WorkbenchError: when vectors, predictions or scores are missing, damaged or do not fit together.
    """
    rows = np.asarray(run.array(ROWS))
    table, scores = run.predictions, run.scores
    _require_fitting(run, rows, len(table))
    gold = label_matrix(table["gold_labels"].to_numpy()[rows], scores.shape[1])
    best = np.fromiter((labels[0] for labels in table["top_labels"].to_numpy()[rows]), np.int64, len(rows))
    missed, wrong = _mistakes(PredictedSets(run), rows, gold)
    return Documents(rows, table["id"].to_numpy()[rows].astype(np.str_), gold, best, missed, wrong)


def read_ranking(run: Run, gold: sparse.csr_array, k: int) -> Ranking:
    """The first k labels of a finished run's test documents, as `metrics.rank` gives them.

    They are those that the run's predictions have kept; its scores (N, L) are gone through for more of them.
    """
    lists = run.predictions["top_labels"].to_numpy()
    width = min(k, gold.shape[1])
    if any(len(labels) < width for labels in lists):
        return rank(run.scores, gold, k)
    first = np.concatenate([np.zeros(0, np.int32), *(labels[:width] for labels in lists)])
    return ranked(np.asfortranarray(first.reshape(len(lists), width)), gold, k)


def document_scores(runs: Sequence[Run], row: int, gold: NDArray[np.int64], top: int = 5) -> pd.DataFrame:
    """What each run makes of the test document at `row`: its gold labels and each run's `top` best.

    Columns: label, label_text, gold, train_count, then "<run> score" for each run; gold labels come first,
    then by the highest score of any run.
    """
    return scores_beside(runs, [np.asarray(run.scores[row]) for run in runs], gold.tolist(), top)


def scores_beside(
    runs: Sequence[Run], given: Sequence[np.ndarray], gold: Sequence[int], top: int = 5
) -> pd.DataFrame:
    """The same of a document whose scores (L,) by each run are `given`."""
    scores = {
        f"{run.name} score": np.asarray(one, dtype=np.float64) for run, one in zip(runs, given, strict=True)
    }
    best = {int(label) for one in scores.values() for label in np.argsort(-one, kind="stable")[:top]}
    shown = best | set(gold)
    labels = [label for label in gold_first(list(scores.values()), gold) if label in shown]
    return pd.DataFrame(
        {
            "label": [runs[0].labels[label] for label in labels],
            "label_text": [runs[0].label_texts[label] for label in labels],
            "gold": np.isin(labels, gold),
            "train_count": runs[0].train_counts[labels],
            **{name: one[labels] for name, one in scores.items()},
        }
    )


def gold_first(given: Sequence[np.ndarray], gold: Sequence[int]) -> list[int]:
    """All labels of a document whose scores (L,) by some runs are `given`, in the order of pages.

    Gold labels come first, then the others, both by the highest score of any run.
    """
    best = np.max(np.stack([np.asarray(one, dtype=np.float64) for one in given]), axis=0)
    is_gold = np.isin(np.arange(len(best)), gold)
    order: list[int] = np.lexsort((-best, ~is_gold)).tolist()
    return order


def document_text(corpus: Corpus, row: int, identity: str, gold: Sequence[str]) -> str:
    """The text of the test document at `row`, if it is still the one that the run was tested on.

    Raises:
        WorkbenchError: when the corpus has another document or other gold labels there.
    """
    if row < len(corpus.test) and corpus.test.ids[row] == identity:
        now = {corpus.labels[label] for label in corpus.test.targets[[row]].indices}
        if now == set(gold):
            return corpus.test.texts[row]
    raise WorkbenchError(
        f"The corpus {corpus.name!r} has changed since this run: its test document number {row + 1} is not "
        f"{identity!r} with the same gold labels any more. Train again on the corpus as it is now."
    )


def _mistakes(
    predicted_sets: PredictedSets, rows: NDArray[np.int64], gold: sparse.csr_array
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Missed gold labels and wrongly predicted ones of each document, (N,) each."""
    missed, wrong = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.int64)
    step = max(1, _CELLS_AT_ONCE // max(1, gold.shape[1]))
    for start in range(0, len(rows), step):
        block = slice(start, start + step)
        predicted = predicted_sets.of_documents(rows[block])
        documents, labels = gold[block].nonzero()
        found = np.bincount(documents[predicted[documents, labels]], minlength=len(predicted))
        missed[block] = np.bincount(documents, minlength=len(predicted)) - found
        wrong[block] = np.count_nonzero(predicted, axis=1) - found
    return missed, wrong


def _require_fitting(run: Run, rows: np.ndarray, tested: int) -> None:
    vectors = len(run.array(EMBEDDINGS))
    is_sound = rows.ndim == 1 and rows.dtype.kind in "iu" and (np.diff(rows) > 0).all()
    if not is_sound or vectors != len(rows) or len(run.scores) != tested:
        problem = f"{vectors} vectors, {len(rows)} rows, {tested} predictions and {len(run.scores)} scores"
    elif len(rows) and not 0 <= rows[0] <= rows[-1] < tested:
        problem = f"vectors of documents up to row {rows[-1]}, and {tested} predictions"
    else:
        return
    raise WorkbenchError(
        f"Run {run.name!r} has {problem}, which do not fit together. Train it again, or remove it with "
        "`workbench runs rm`."
    )
