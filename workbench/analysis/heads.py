"""What each head of a run with several gives documents, there once `workbench probe heads` has visited it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.runs.store import Run

HEADS = "heads"
"""The probe that keeps them."""
SPLITS = ("valid", "test")


def score_array(split: str, head: str) -> str:
    """The name of a head's probabilities (N, L) in float32, documents in the corpus's order."""
    return f"heads_{split}_{head}"


def gold_array(split: str) -> str:
    """The name of the gold labels (K, 2) in int32: document and label of each pair."""
    return f"heads_{split}_gold"


def head_scores(run: Run, split: str) -> Mapping[str, np.ndarray]:
    """Probabilities (N, L) of the documents of "valid" or "test", by the name of the head.

    Raises:
        WorkbenchError: when the run was not probed, or a file of it is damaged.
    """
    return {head: run.array(score_array(split, head)) for head in _report(run)["heads"]}


def head_gold(run: Run, split: str) -> sparse.csr_array:
    """The gold labels (N, L) of the same documents, 0 and 1.

    Raises:
        WorkbenchError: when the run was not probed, or its pairs do not fit its documents and labels.
    """
    pairs, shape = run.array(gold_array(split)), (_report(run)["documents"][split], len(run.labels))
    if pairs.ndim != 2 or pairs.shape[1] != 2 or not ((pairs >= 0) & (pairs < shape)).all():
        raise WorkbenchError(
            f"The gold pairs of {run.name} in {gold_array(split)} are damaged. Make them again with: "
            f"workbench probe {HEADS} {run.name} --force"
        )
    ones = np.ones(len(pairs), dtype=np.uint8)
    return sparse.csr_array((ones, (pairs[:, 0], pairs[:, 1])), shape=shape)


def _report(run: Run) -> dict[str, Any]:
    report = run.probe(HEADS)
    if report is None:
        raise WorkbenchError(
            f"{run.name} keeps the scores of its heads together alone. Compute each one's with: "
            f"workbench probe {HEADS} {run.name}"
        )
    return report
