"""What SEP-MLDC's claims are measured by, besides the metrics that every run has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.analysis.cooccurrence import cooccurrence
from workbench.analysis.documents import read_documents
from workbench.analysis.frequency_f1 import macro_f1
from workbench.analysis.similar_pairs import identical_sets, rank_correlation
from workbench.analysis.similarity import (
    LABEL_EMBEDDINGS,
    label_directions,
    label_similarity,
    read_document_similarity,
)
from workbench.analysis.stage_vectors import TRAINED, moments
from workbench.analysis.trained_on import corpus_of
from workbench.errors import WorkbenchError
from workbench.exhibits.claim_family import Measure
from workbench.runs.store import Run

BELOW = 50
"""Training documents below which the paper calls a label a tail label (Section 3.3)."""
TAIL = f"macro_F1 of labels with fewer than {BELOW} documents"
OF_LABELS = "rank correlation of label vectors and co-occurrence"
OF_DOCUMENTS = "rank correlation of document vectors and gold label sets"
AT_LEAST = 0.8
IDENTICAL = "share of identical label sets"
NEAR, BY_CHANCE = f"inner product of {AT_LEAST:g} or more", "all pairs"
"""Pairs of test documents, of which the share is taken."""


def measures(run: Run) -> Iterator[Measure]:
    """F1 of rare labels, and what vectors of labels and documents follow; what a run lacks is left out."""
    counts = run.train_counts
    yield "", TAIL, macro_f1(run, (counts > 0) & (counts < BELOW))
    if LABEL_EMBEDDINGS in run.array_names:
        yield "", OF_LABELS, _of_labels(run)
    if TRAINED in moments(run):
        yield from _of_documents(run)


def _of_labels(run: Run) -> float | None:
    try:
        found = cooccurrence(corpus_of(run).train.real_targets)
        return rank_correlation(label_similarity(label_directions(run), found)).value
    except WorkbenchError:  # the corpus is gone or has changed, or the vectors have diverged
        return None


def _of_documents(run: Run) -> Iterator[Measure]:
    try:
        alike = read_document_similarity(run, read_documents(run))
    except WorkbenchError:  # its files are damaged, or its vectors have diverged
        return
    yield "", OF_DOCUMENTS, rank_correlation(alike).value
    table = identical_sets(alike, (AT_LEAST,))
    for part, share in zip((BY_CHANCE, NEAR), table["identical"], strict=True):
        yield part, IDENTICAL, None if np.isnan(share) else float(share)
