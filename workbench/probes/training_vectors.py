"""Vectors of the documents that a finished run was trained on, which training does not keep."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workbench.analysis.trained_on import corpus_of
from workbench.analysis.training_vectors import PROBE, arrays_of
from workbench.encoders.bags import Bags
from workbench.encoders.base import Prepared
from workbench.errors import WorkbenchError
from workbench.files import check_room
from workbench.probes.inference import Predictor
from workbench.probes.run_space import Vectors, in_the_runs_space
from workbench.runs.store import Run
from workbench.runs.writer import write_probe
from workbench.training.inference import Advance, forwards
from workbench.workspace import Workspace


def probe_training_vectors(
    run: Run, *, workspace: Workspace | None = None, force: bool = False, advance: Advance | None = None
) -> dict[str, Any]:
    """Keep a vector of unit length for each training document, in the order of the run's corpus.

    Dense ones are kept in float16, see `analysis.training_vectors`. Gives the report that is kept; one that
    is there already stays, but with `force`. `advance` is told how many more documents are done.

    Raises:
        WorkbenchError: when the run is not finished or damaged, has no document vectors, or its corpus is
            gone or has changed; or when the disk has no room.
    """
    kept = None if force else run.probe(PROBE)
    if kept is not None:
        return kept
    started, place = time.perf_counter(), workspace or Workspace.current()
    texts = corpus_of(run, workspace).train.texts
    predictor = Predictor.load(run, place.cache)
    vectors = _vectors(predictor, predictor.method.encoder.prepare(texts), advance)
    report = {"schema": 1, "documents": len(texts), "seconds": time.perf_counter() - started}
    write_probe(run.path, PROBE, report, arrays_of(vectors))
    return report


def _vectors(predictor: Predictor, prepared: Prepared, advance: Advance | None) -> Vectors:
    if isinstance(prepared, Bags):
        return prepared.matrix
    run, method = predictor.run, predictor.method
    needed = 2 * len(prepared) * method.encoder.hidden_size
    check_room(run.path, needed, "The vectors of training documents", "leave this run out")
    kept: NDArray[np.float16] | None = None
    for batch, forward in forwards(method, prepared, **predictor.how):
        found = in_the_runs_space(prepared, forward)
        if found is None:
            raise WorkbenchError(
                f"{run.name} has no document vectors: {method.name} gives none, so that no training document "
                "is nearer than another."
            )
        if kept is None:
            kept = np.zeros((len(prepared), found.shape[1]), dtype=np.float16)
        kept[batch.rows.cpu().numpy()] = np.asarray(found, dtype=np.float16)
        if advance is not None:
            advance(len(batch.rows))
    return np.zeros((0, method.encoder.hidden_size), dtype=np.float16) if kept is None else kept
