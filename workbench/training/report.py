"""After training: thresholds, metrics, predictions and arrays, written into the run."""

from __future__ import annotations

from typing import Any

import numpy as np

from workbench.data.split import Split
from workbench.methods.base import Method
from workbench.metrics import TrainCounts, choose_threshold, evaluate
from workbench.runs.writer import RunWriter
from workbench.training.inference import score_and_decide
from workbench.training.material import looking
from workbench.training.progress import scoring
from workbench.training.stage import Setting

_DOCUMENT_SAMPLE = 20_000
"""Document embeddings kept per run, at most: what a map of documents can show."""


def write_results(method: Method, setting: Setting, writer: RunWriter) -> None:
    """Score validation and test documents with the chosen weights and write everything that is looked at."""
    how = inference_settings(setting)
    corpus, prepared = setting.corpus, setting.prepared
    rows = np.random.default_rng(setting.seed).permutation(len(corpus.test))[:_DOCUMENT_SAMPLE]
    rows.sort()
    with scoring(setting.title, len(corpus.valid) + len(corpus.test), setting.is_watched) as advance:
        valid, valid_sets, _ = score_and_decide(method, prepared["valid"], {}, advance, **how)
        test, test_sets, kept = score_and_decide(method, prepared["test"], {"document": rows}, advance, **how)
    threshold = None
    if not method.says_sets:
        threshold = choose_threshold(setting.training.threshold, valid, corpus.valid.targets)
    known = TrainCounts.of(corpus.train.real_targets)

    def judged(split: Split, scores: np.ndarray, sets: np.ndarray | None) -> dict[str, Any]:
        by: dict[str, Any] = {"threshold": threshold} if sets is None else {"predicted": sets}
        return evaluate(scores, split.targets, train_targets=known, **by)

    writer.write_metrics(
        {
            "valid": judged(corpus.valid, valid, valid_sets),
            "test": judged(corpus.test, test, test_sets),
            "threshold": None if threshold is None else np.asarray(threshold).tolist(),
        }
    )
    writer.write_predictions(corpus.test.ids, test, corpus.test.targets, test_sets)
    if "document" in kept:
        writer.write_array("document_embeddings", kept["document"])
        writer.write_array("document_rows", rows.astype(np.int64))
    with looking(method, setting.device, setting.is_bfloat16):
        more = method.arrays(setting.material())
    for name, array in more.items():
        writer.write_array(name, array)
    labels = method.label_embeddings()
    if labels is not None:
        writer.write_array("label_embeddings", labels.detach().float().cpu().numpy())


def inference_settings(setting: Setting) -> dict[str, Any]:
    """How documents are scored: in the precision of training, in larger batches."""
    return {
        "batch_size": 2 * setting.training.batch_size,
        "device": setting.device,
        "bfloat16": setting.is_bfloat16,
    }
