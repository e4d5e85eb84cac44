"""Runs with scores and gold labels of a test's own, whose metrics are those of the scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from workbench.metrics import TrainCounts, evaluate
from workbench.runs.store import Run
from workbench.runs.writer import RunWriter


def write_tested_run(
    runs_dir: Path,
    name: str,
    scores: np.ndarray,
    gold: Any,
    *,
    method: str = "base",
    seed: int = 0,
    corpus: str | dict[str, Any] = "toy",
    split_id: str = "toy/1",
    threshold: Any = 0.5,
    ids: list[str] | None = None,
    labels: list[str] | None = None,
    counts: np.ndarray | None = None,
    n_train: int = 100,
    **manifest: Any,
) -> Run:
    """A finished run with `scores` (N, L) on documents with `gold` (N, L) labels."""
    scores, targets = scores.astype(np.float32), sparse.csr_array(np.asarray(gold, dtype=np.uint8))
    n_documents, n_labels = scores.shape
    counts = np.arange(1, n_labels + 1) if counts is None else counts
    codes = labels or [f"L{label}" for label in range(n_labels)]
    if isinstance(corpus, str):
        corpus = {"name": corpus, "fingerprint": "f" * 64, "split_id": split_id, "n_train": n_train}
    known = {
        "method": method,
        "encoder": "cnn",
        "seed": seed,
        "config": {"method": {}, "training": {}, "encoder": {}},
        "corpus": corpus,
    }
    writer = RunWriter.create(runs_dir, name, known | manifest)
    writer.write_labels(codes, codes, counts.tolist())
    writer.write_history(pd.DataFrame({"epoch": [0], "step": [1], "loss": [0.5]}))
    train = TrainCounts(counts, n_train)
    test = evaluate(scores, targets, train_targets=train, threshold=threshold)
    writer.write_metrics({"valid": test, "test": test, "threshold": np.asarray(threshold).tolist()})
    writer.write_predictions(ids or [f"d{row}" for row in range(n_documents)], scores, targets, top_k=5)
    writer.finish()
    return Run.load(writer.path)


def plausible_scores(gold: np.ndarray, seed: int, right: float = 0.5) -> np.ndarray:
    """Scores (N, L) in [0, 1) that are the higher for gold labels the greater `right` is."""
    return (right * gold + np.random.default_rng(seed).random(gold.shape)) / (1 + right)
