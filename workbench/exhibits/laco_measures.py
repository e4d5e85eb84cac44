"""What LACO's claims are measured by, besides the metrics that every run has."""

from __future__ import annotations

from collections.abc import Iterator

from workbench.analysis.convergence import SHARE, convergence, validation_curve
from workbench.analysis.dependency import (
    TRAINING_SETS,
    read_label_sets,
    run_combinations,
    run_divergence,
    training_divergence,
)
from workbench.analysis.frequency_f1 import f1_table
from workbench.analysis.trained_on import corpus_of
from workbench.errors import WorkbenchError
from workbench.exhibits.claim_family import Measure
from workbench.exhibits.dependencies import UNSEEN
from workbench.exhibits.laco_numbers import COMBINATIONS, TEST_DIVERGENCE, TRAIN_DIVERGENCE
from workbench.metrics import label_combinations
from workbench.runs.store import Run

METRIC = "micro_F1"
GROUPS = 4
GAP = f"macro_F1 of group {GROUPS} minus that of group 1"
SPEED = f"mean validation {METRIC} over epochs"
STEPS = f"steps to {100 * SHARE:.0f} % of the best validation {METRIC}"


def of_group(number: int) -> str:
    """What macro-F1 of a group of labels is called; group 1 has the most frequent ones."""
    return f"macro_F1 of group {number} of {GROUPS}"


def measures(run: Run) -> Iterator[Measure]:
    """Macro-F1 of label groups, label pairs, label sets and convergence; what a run lacks is left out."""
    table = f1_table(run, GROUPS)
    groups = table.loc[table["most"] > 0, "macro_F1"].tolist()  # of labels that training shows
    for number, value in enumerate(groups, start=1):
        yield "", of_group(number), value
    yield "", GAP, groups[-1] - groups[0]
    yield "", TEST_DIVERGENCE, run_divergence(run)
    if run.probe(TRAINING_SETS) is not None:
        yield "", TRAIN_DIVERGENCE, training_divergence(run)
    sets = read_label_sets(run)
    yield "", COMBINATIONS, float(label_combinations(sets.predicted, sets.gold, sets.gold).predicted)
    yield "", UNSEEN, _unseen(run)
    try:
        found = convergence(validation_curve(run, METRIC))
    except WorkbenchError:  # a run from before its history had the metric
        return
    yield "", SPEED, found.mean
    yield "", STEPS, float(found.step)


def _unseen(run: Run) -> float | None:
    try:
        return float(run_combinations(run, corpus_of(run)).unseen)
    except WorkbenchError:  # the corpus is gone or has changed
        return None
