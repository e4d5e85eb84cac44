"""What each head of a finished run gives validation and test documents, which training keeps joined alone."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import torch

from workbench.analysis.heads import HEADS, SPLITS, gold_array, score_array
from workbench.analysis.trained_on import corpus_of
from workbench.data.corpus import Split
from workbench.errors import WorkbenchError
from workbench.metrics.dependency import label_rows
from workbench.probes.inference import Predictor
from workbench.probes.training_sets import label_pairs
from workbench.runs.store import Run
from workbench.runs.writer import write_probe
from workbench.training.inference import forwards
from workbench.workspace import Workspace


def probe_heads(run: Run, *, workspace: Workspace | None = None, force: bool = False) -> dict[str, Any]:
    """Score the run's validation and test documents head by head, and keep them with their gold labels.

    The arrays are those of `analysis.heads`. Gives the report that is kept, with the names of the heads and
    the number of documents; one that is there already stays, but with `force`.

    Raises:
        WorkbenchError: when the run is not finished or damaged, has one head alone, or its corpus is gone or
            has changed.
    """
    kept = None if force else run.probe(HEADS)
    if kept is not None:
        return kept
    started = time.perf_counter()
    predictor, corpus = Predictor.load(run), corpus_of(run, workspace)
    arrays: dict[str, np.ndarray] = {}
    heads: list[str] = []
    for name in SPLITS:
        scores = _scores(predictor, corpus.splits[name])
        heads = sorted(scores)
        arrays |= {score_array(name, head): values for head, values in scores.items()}
        arrays[gold_array(name)] = label_pairs(label_rows(corpus.splits[name].targets, "gold"))
    report = {
        "schema": 1,
        "heads": heads,
        "documents": {name: len(corpus.splits[name]) for name in SPLITS},
        "seconds": time.perf_counter() - started,
    }
    write_probe(run.path, HEADS, report, arrays)
    return report


def _scores(predictor: Predictor, documents: Split) -> dict[str, np.ndarray]:
    """Probabilities (N, L) by the name of the head, in the order of the documents."""
    method = predictor.method
    prepared = method.encoder.prepare(documents.texts)
    found: dict[str, np.ndarray] = {}
    for batch, forward in forwards(method, prepared, **predictor.how):
        if forward.heads is None:
            raise WorkbenchError(
                f"{predictor.run.name} has one head alone, so its scores are those that it keeps already. "
                "Runs of CL-MIL have two: cl-mil, mil, cl-dil and dil."
            )
        rows = batch.rows.cpu().numpy()
        for head, logits in forward.heads.items():
            scores = found.setdefault(head, np.zeros((len(prepared), logits.shape[1]), dtype=np.float32))
            scores[rows] = torch.sigmoid(logits.float()).cpu().numpy()
    return found
