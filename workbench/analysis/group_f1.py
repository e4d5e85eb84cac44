"""Head, mid and tail labels as CL-MIL's paper bounds them: how many there are, and micro-F1 in each group.

Source: "Towards Better Representations for Multi-Label Text Classification with Multi-granularity
Information", Table 6 and Figure 6. Its bounds are for AAPD; `frequency_kinds.group_bounds` scales them.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.dependency import read_label_sets
from workbench.analysis.frequency_kinds import group_bounds, labels_by_frequency
from workbench.metrics import confusion
from workbench.runs.store import Run

ALL = "all"
GROUPS = (ALL, "head", "mid", "tail")


def group_sizes(train: sparse.csr_array, test: sparse.csr_array) -> pd.DataFrame:
    """One row a group: its bounds in words, how many labels it has, and documents with one of them.

    Shapes: train (N, L) and test (M, L) of 0 and 1.
    """
    counts = np.asarray(train.sum(axis=0, dtype=np.int64)).reshape(-1)
    head, mid = group_bounds("paper", train.shape[0])
    said = {"head": f"{head:,} or more", "mid": f"{mid:,} to {head - 1:,}", "tail": f"fewer than {mid:,}"}
    rows = [
        (group, said[group], len(labels), *(_with_any(targets, labels) for targets in (train, test)))
        for group, labels in labels_by_frequency(counts, (head, mid)).items()
    ]
    columns = ["group", "training documents of a label", "labels", "train documents", "test documents"]
    return pd.DataFrame(rows, columns=columns)


def group_f1_table(run: Run) -> pd.DataFrame:
    """One row a group of `GROUPS` that has labels: group, labels, micro_precision, micro_recall, micro_F1.

    The metrics count the group's labels together, in the label sets of test documents at the threshold(s)
    that the run chose.

    Raises:
        WorkbenchError: when the run is not finished, or its predictions or metrics are damaged.
    """
    sets = read_label_sets(run)
    found, counts = confusion(sets.predicted, sets.gold), run.train_counts
    bounds = group_bounds("paper", run.n_train)
    groups = {ALL: np.arange(len(counts))} | labels_by_frequency(counts, bounds)
    rows = [
        (group, len(labels), *found.micro(np.isin(np.arange(len(counts)), labels)))
        for group, labels in groups.items()
        if len(labels)
    ]
    return pd.DataFrame(rows, columns=["group", "labels", "micro_precision", "micro_recall", "micro_F1"])


def _with_any(targets: sparse.csr_array, labels: NDArray[np.intp]) -> int:
    return int((np.asarray(targets[:, labels].sum(axis=1)).reshape(-1) > 0).sum())
