"""Document vectors that a finished run began with, where training did not keep them."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from workbench.analysis.predicted_sets import threshold_of
from workbench.analysis.trained_on import corpus_of
from workbench.errors import WorkbenchError
from workbench.probes.inference import Predictor
from workbench.runs.stages import STAGE_ROWS, START, stage_array
from workbench.runs.store import Run
from workbench.runs.writer import write_probe
from workbench.training.job import build_method
from workbench.training.kept_stages import half_vectors, stage_rows
from workbench.training.spec import Recipe
from workbench.workspace import Workspace

GEOMETRY = "geometry"


def probe_geometry(run: Run, *, workspace: Workspace | None = None, force: bool = False) -> dict[str, Any]:
    """Build the run's model anew with its seed, and keep the vectors that it gives test documents untrained.

    They are those that training with `keep_stages` writes before its first step; where it has, they stay.
    Gives the report that is kept; one that is there already stays, but with `force`.

    Raises:
        WorkbenchError: when the run is not finished or keeps no document vectors; its corpus is gone or has
            changed; or its encoder cannot be built again.
    """
    kept = None if force else run.probe(GEOMETRY)
    if kept is not None:
        return kept
    if "document_embeddings" not in run.array_names:
        raise WorkbenchError(
            f"Run {run.name!r} keeps no document vectors: its method {run.manifest.get('method')!r} has "
            "none. Leave it out."
        )
    workspace = workspace or Workspace.current()
    started, name = time.perf_counter(), stage_array(0, START)
    if name in run.array_names and not force:
        documents, arrays = len(run.array(name)), {}
    else:
        arrays = _at_start(run, name, workspace)
        documents = len(arrays[name])
    report = {"schema": 1, "documents": documents, "seconds": time.perf_counter() - started}
    write_probe(run.path, GEOMETRY, report, arrays)
    return report


def _at_start(run: Run, name: str, workspace: Workspace) -> dict[str, np.ndarray]:
    corpus, recipe = corpus_of(run, workspace), Recipe(**run.manifest["recipe"])
    method = build_method(recipe, recipe.resolve(), corpus, workspace.cache)
    rows = stage_rows(len(corpus.test), recipe.seed)
    prepared = method.encoder.prepare(corpus.test.texts)
    how = Predictor(run, method, np.asarray(threshold_of(run))).how
    vectors = half_vectors(method, prepared, rows, **how)
    assert vectors is not None, "the run keeps vectors at its end"
    return {STAGE_ROWS: rows, name: vectors}
