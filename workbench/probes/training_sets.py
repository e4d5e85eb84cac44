"""Label sets that a finished run gives the documents it was trained on, which training does not keep."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.dependency import TRAINING_GOLD, TRAINING_PREDICTED, TRAINING_SETS
from workbench.analysis.trained_on import corpus_of
from workbench.metrics.dependency import label_rows
from workbench.probes.inference import Predictor
from workbench.runs.store import Run
from workbench.runs.writer import write_probe
from workbench.workspace import Workspace


def probe_training_sets(
    run: Run, *, workspace: Workspace | None = None, force: bool = False
) -> dict[str, Any]:
    """Predict label sets of the run's training documents, and keep pairs of document and label.

    The arrays are (K, 2) int32, documents in the order in which the run's corpus has them: see
    `analysis.dependency.training_divergence`. Gives the report that is kept; one that is there already stays,
    but with `force`.

    Raises:
        WorkbenchError: when the run is not finished or damaged, or its corpus is gone or has changed.
    """
    kept = None if force else run.probe(TRAINING_SETS)
    if kept is not None:
        return kept
    started = time.perf_counter()
    documents = corpus_of(run, workspace).train
    _, sets = Predictor.load(run).decide(documents.texts)
    predicted = label_rows(sets, "predicted")
    arrays = {TRAINING_PREDICTED: label_pairs(predicted), TRAINING_GOLD: label_pairs(documents.targets)}
    report = {"schema": 1, "documents": len(documents), "seconds": time.perf_counter() - started}
    write_probe(run.path, TRAINING_SETS, report, arrays)
    return report


def label_pairs(rows: sparse.csr_array) -> NDArray[np.int32]:
    """Document and label of each entry, (K, 2)."""
    found = sparse.coo_array(rows)
    return np.stack([found.row, found.col], axis=1).astype(np.int32)
