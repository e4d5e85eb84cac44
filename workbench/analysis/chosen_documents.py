"""Test documents that a reader has chosen, as one table: texts, gold labels, what each run predicts."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.documents import document_text
from workbench.analysis.label_order import label_names
from workbench.analysis.predicted_sets import PredictedSets
from workbench.data.corpus import Corpus
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

LABELS_SHOWN = 10
_CELLS_AT_ONCE = 4_000_000


def chosen_documents(
    runs: Sequence[Run], rows: Sequence[int], texts: Sequence[str] | None = None
) -> pd.DataFrame:
    """One row a document, in the order of `rows`, which are those of the test split.

    Columns: id, text (where given), gold_labels, then for each run "<run> predicted": the labels that it
    predicts with their scores, the best `LABELS_SHOWN` of them; "none" and its best label for none.
    Gold labels and names are those of the first run.

    Raises:
        WorkbenchError: for a row that a run has not, or damaged predictions.
    """
    places = np.asarray(rows, dtype=np.int64)
    for run in runs:
        if len(places) and not 0 <= places.min() <= places.max() < len(run.scores):
            raise WorkbenchError(
                f"Run {run.name!r} has {len(run.scores)} test documents; none is at row {int(places.max())}."
            )
    first = runs[0]
    tested, names = first.predictions, label_names(first.labels, first.label_texts)
    gold = [", ".join(names[label] for label in tested["gold_labels"].iloc[row]) for row in places]
    table = {"id": tested["id"].to_numpy()[places].astype(str)}
    table |= {} if texts is None else {"text": np.array(texts, dtype=object)}
    table |= {"gold_labels": np.array(gold, dtype=object)}
    for run in runs:
        table[f"{run.name} predicted"] = _predicted(run, places)
    return pd.DataFrame(table)


def texts_at_rows(run: Run, rows: Sequence[int], corpus: Corpus) -> list[str]:
    """The texts of these test documents.

    Raises:
        WorkbenchError: when the corpus is not what it was when the run was tested, see `document_text`.
    """
    tested, codes = run.predictions, run.labels
    ids, gold = tested["id"].to_numpy(), tested["gold_labels"].to_numpy()
    return [document_text(corpus, row, str(ids[row]), [codes[label] for label in gold[row]]) for row in rows]


def _predicted(run: Run, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    names, predicted_sets = label_names(run.labels, run.label_texts), PredictedSets(run)
    step = max(1, _CELLS_AT_ONCE // max(1, len(names)))
    told = []
    for start in range(0, len(rows), step):
        some = rows[start : start + step]
        scores, chosen = np.asarray(run.scores[some]), predicted_sets.of_documents(some)
        told += [_told(row, np.flatnonzero(those), names) for row, those in zip(scores, chosen, strict=True)]
    return np.array(told, dtype=object)


def _told(scores: NDArray[np.floating], chosen: NDArray[np.intp], names: Sequence[str]) -> str:
    if not len(chosen):
        best = int(np.argmax(scores))
        return f"none (best: {names[best]} {scores[best]:.2f})"
    ranked = chosen[np.argsort(-scores[chosen], kind="stable")]
    more = f" and {len(ranked) - LABELS_SHOWN} more" if len(ranked) > LABELS_SHOWN else ""
    return ", ".join(f"{names[label]} {scores[label]:.2f}" for label in ranked[:LABELS_SHOWN]) + more
