"""Predicted label combinations: how many there are, and which of them training never showed.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Table 6.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from workbench.metrics.dependency import combination_keys, label_rows

GOLD = "gold"


def combination_table(
    predicted: Mapping[str, sparse.csr_array], gold: sparse.csr_array, train: sparse.csr_array | None
) -> pd.DataFrame:
    """One row for the gold label sets, then one a run: how varied they are, and how new.

    Columns: name (`GOLD` or the run's), combinations (different ones; a document without labels has none),
    seen and unseen (of these, in training or not; NaN where `train` is None), documents_unseen (documents
    with such a one; NaN likewise), documents_empty (without any label), subset_accuracy (share of documents
    whose set is exactly the gold one).

    Shapes: predicted and gold (N, L), train (M, L) of 0 and 1.
    """
    shown = None if train is None else {*combination_keys(label_rows(train, "train"))}
    truth = combination_keys(label_rows(gold, "gold"))
    named = {GOLD: truth} | {
        name: combination_keys(label_rows(sets, name)) for name, sets in predicted.items()
    }
    return pd.DataFrame([{"name": name} | _counted(keys, truth, shown) for name, keys in named.items()])


def unseen_combinations(
    predicted: sparse.csr_array, gold: sparse.csr_array, train: sparse.csr_array, names: Sequence[str]
) -> pd.DataFrame:
    """One row a predicted combination that no training document has, the most frequent first.

    Columns: combination (names of its labels, by index), labels (how many), predicted (documents), right (of
    these, whose gold labels are exactly these), share_right, gold (documents with exactly these labels).
    Shapes as in `combination_table`; names (L,).
    """
    known = {*combination_keys(label_rows(train, "train")), b""}
    sets, truth = (combination_keys(label_rows(rows, "label sets")) for rows in (predicted, gold))
    times, golds = Counter(key for key in sets if key not in known), Counter(truth)
    right = Counter(key for key, other in zip(sets, truth, strict=True) if key == other)
    rows = []
    for key, many in times.most_common():
        labels = np.frombuffer(key, np.int32)
        rows.append(
            {
                "combination": ", ".join(names[label] for label in labels),
                "labels": len(labels),
                "predicted": many,
                "right": right[key],
                "share_right": right[key] / many,
                "gold": golds[key],
            }
        )
    return pd.DataFrame(rows, columns=["combination", "labels", "predicted", "right", "share_right", "gold"])


def _counted(keys: Sequence[bytes], truth: Sequence[bytes], shown: set[bytes] | None) -> dict[str, float]:
    times = Counter(keys)
    empty = times.pop(b"", 0)
    row: dict[str, float] = {"combinations": len(times), "seen": np.nan, "unseen": np.nan}
    row["documents_unseen"] = np.nan
    if shown is not None:
        unseen = [many for key, many in times.items() if key not in shown]
        row |= {"seen": len(times) - len(unseen), "unseen": len(unseen), "documents_unseen": sum(unseen)}
    right = np.mean([key == other for key, other in zip(keys, truth, strict=True)])
    return row | {"documents_empty": empty, "subset_accuracy": float(right)}
