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
from workbench.analysis.frequency_kinds import group_bounds
from workbench.metrics import confusion, frequency_groups
from workbench.runs.store import Run

ALL = "all"
GROUPS = (ALL, "head", "mid", "tail")


def label_groups(train_counts: NDArray[np.integer], n_train: int) -> dict[str, NDArray[np.intp]]:
    """Indices of head, mid and tail labels by documents in training (L,); labels never seen count as tail."""
    head, mid = group_bounds("paper", n_train)
    groups = frequency_groups(np.asarray(train_counts), head=head, mid=mid)
    tail = np.sort(np.concatenate([groups["tail"], groups["unseen"]]))
    return {"head": groups["head"], "mid": groups["mid"], "tail": tail}


def group_sizes(train: sparse.csr_array, test: sparse.csr_array) -> pd.DataFrame:
    """One row a group: its bounds in words, how many labels it has, and documents with one of them.

    Shapes: train (N, L) and test (M, L) of 0 and 1.
    """
    counts = np.asarray(train.sum(axis=0, dtype=np.int64)).reshape(-1)
    head, mid = group_bounds("paper", train.shape[0])
    said = {"head": f"{head:,} or more", "mid": f"{mid:,} to {head - 1:,}", "tail": f"fewer than {mid:,}"}
    rows = [
        (group, said[group], len(labels), *(_with_any(targets, labels) for targets in (train, test)))
        for group, labels in label_groups(counts, train.shape[0]).items()
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
    groups = {ALL: np.arange(len(counts))} | label_groups(counts, int(run.manifest["corpus"]["n_train"]))
    rows = [
        (group, len(labels), *found.micro(np.isin(np.arange(len(counts)), labels)))
        for group, labels in groups.items()
        if len(labels)
    ]
    return pd.DataFrame(rows, columns=["group", "labels", "micro_precision", "micro_recall", "micro_F1"])


def _with_any(targets: sparse.csr_array, labels: NDArray[np.intp]) -> int:
    return int((np.asarray(targets[:, labels].sum(axis=1)).reshape(-1) > 0).sum())
