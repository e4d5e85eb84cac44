"""What CL-MIL's claims are measured by, besides the metrics that every run has."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from workbench.analysis.geometry import directions, mean_cosine, uniformity
from workbench.analysis.group_f1 import GROUPS, group_f1_table
from workbench.analysis.stage_vectors import drawn_rows, moment_vectors, moments
from workbench.errors import WorkbenchError
from workbench.exhibits.claim_family import Measure
from workbench.runs.store import Run

METRIC = "micro_F1"
START, CONTRASTED = "start", "after contrast"
"""Moments of training: before it, and after the contrastive stage."""
COSINE, UNIFORMITY = "mean cosine", "uniformity"


def of_group(group: str) -> str:
    """What micro-F1 of a group of labels is called."""
    return f"{METRIC} of {group} labels"


def measures(run: Run) -> Iterator[Measure]:
    """Micro-F1 of label groups, and how evenly vectors lie before and after the contrastive stage."""
    for group, value in group_f1_table(run)[["group", METRIC]].itertuples(index=False):
        if group != GROUPS[0]:
            yield "", of_group(group), value
    for moment in moments(run):
        if moment in (START, CONTRASTED):
            yield from _evenness(run, moment)


def _evenness(run: Run, moment: str) -> Iterator[Measure]:
    try:
        vectors, rows = moment_vectors(run, moment)
        unit, _ = directions(vectors[np.searchsorted(rows, drawn_rows(rows))])
    except WorkbenchError:  # its files are damaged, or its vectors have diverged
        return
    yield moment, COSINE, mean_cosine(unit)
    yield moment, UNIFORMITY, uniformity(unit)
