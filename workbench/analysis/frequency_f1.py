"""F1 of frequent, middling and rare labels apart, in groups that suit any corpus.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Figure 2. The paper has four groups by training frequency and prints no edges. Here each group has as many
labels as the next, so that small corpora have no empty ones; labels that training never shows stand apart.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.frequency_bins import frequency_bins
from workbench.metrics import Confusion

METRICS = ("macro_F1", "macro_F1_gold", "micro_F1")
"""macro_F1: the mean of the labels' F1, 0 for a label that is neither gold nor predicted. macro_F1_gold: of
the labels that some test document has. micro_F1: of the group's labels counted together."""


def label_groups(train_counts: NDArray[np.integer], groups: int) -> list[NDArray[np.intp]]:
    """Labels (L,) from frequent to rare in `groups` groups of nearly equal size, then those never seen.

    Ties by label index; fewer groups where there are fewer labels.

    Raises:
        WorkbenchError: for fewer than one group.
    """
    counts = np.asarray(train_counts)
    seen, unseen = np.flatnonzero(counts > 0), np.flatnonzero(counts <= 0)
    parts = [seen[part] for part in frequency_bins(counts[seen], groups)]
    return [*parts, unseen] if len(unseen) else parts


def f1_table(found: Confusion, train_counts: NDArray[np.integer], groups: int) -> pd.DataFrame:
    """One row a group of labels, the most frequent first.

    Columns: bin (from 1), labels, most and least (training documents of a label), tested (labels that some
    test document has), then `METRICS`, of which macro_F1_gold is NaN where no label is tested.
    """
    rows = []
    counts = np.asarray(train_counts)
    for number, labels in enumerate(label_groups(counts, groups), start=1):
        chosen, tested = np.isin(np.arange(len(counts)), labels), found.label_gold > 0
        rows.append(
            {
                "bin": number,
                "labels": len(labels),
                "most": int(counts[labels].max()),
                "least": int(counts[labels].min()),
                "tested": int((chosen & tested).sum()),
                "macro_F1": found.macro(chosen).f1,
                "macro_F1_gold": found.macro(chosen & tested).f1,
                "micro_F1": found.micro(chosen).f1,
            }
        )
    return pd.DataFrame(rows, columns=["bin", "labels", "most", "least", "tested", *METRICS])
