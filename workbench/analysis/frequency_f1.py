"""F1 of frequent, middling and rare labels apart, in groups that suit any corpus.

Source: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
Figure 2. The paper has four groups by training frequency and prints no edges. Here each group has as many
labels as the next, so that small corpora have no empty ones; labels that training never shows stand apart.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from workbench.analysis.frequency_bins import bins_of_runs, bins_over_seeds, frequency_bins
from workbench.analysis.label_order import label_names
from workbench.analysis.records import SETTING
from workbench.errors import WorkbenchError
from workbench.runs.store import Run

METRICS = ("macro_F1", "macro_F1_gold", "micro_F1")
"""macro_F1: the mean of the labels' F1, 0 for a label that is neither gold nor predicted. macro_F1_gold: of
the labels that some test document has. micro_F1: of the group's labels counted together."""
_READ = ["F1", "test_count", "predicted_count"]


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


def frequency_table(run: Run, groups: int) -> pd.DataFrame:
    """One row a label, group by group and in each the most frequent first (Figure 2a).

    Columns: rank (from 1), bin (the group, from 1), text (the label's name), documents (of training).
    """
    counts, names = run.train_counts, np.array(label_names(run.labels, run.label_texts), dtype=object)
    parts = label_groups(counts, groups)
    order = np.concatenate([np.zeros(0, np.intp), *parts])
    number = np.repeat(np.arange(1, len(parts) + 1), [len(part) for part in parts])
    rank = np.arange(1, len(order) + 1)
    return pd.DataFrame({"rank": rank, "bin": number, "text": names[order], "documents": counts[order]})


def f1_table(run: Run, groups: int, train_counts: NDArray[np.integer] | None = None) -> pd.DataFrame:
    """One row a group of labels, the most frequent first, of a finished run's test documents (Figure 2b).

    F1 is that of the label sets at the threshold(s) that the run chose on validation documents. The groups
    are by `train_counts` (L,), where given, instead of the run's own.

    Columns: bin (from 1), labels, most and least (training documents of a label), tested (labels that some
    test document has), then `METRICS`, of which macro_F1_gold is NaN where no label is tested.

    Raises:
        WorkbenchError: when the run's metrics cannot be read or have no whole table of labels.
    """
    counts = run.train_counts if train_counts is None else train_counts
    found = _labels(run, len(counts))
    rows = []
    for number, labels in enumerate(label_groups(counts, groups), start=1):
        f1, gold, predicted = found[labels].T
        sizes = gold + predicted  # a label's F1 is twice its right documents over this
        rows.append(
            {
                "bin": number,
                "labels": len(labels),
                "most": int(counts[labels].max()),
                "least": int(counts[labels].min()),
                "tested": int((gold > 0).sum()),
                "macro_F1": float(f1.mean()),
                "macro_F1_gold": float(f1[gold > 0].mean()) if (gold > 0).any() else float("nan"),
                "micro_F1": float(f1 @ sizes / sizes.sum()) if sizes.any() else 0.0,
            }
        )
    return pd.DataFrame(rows, columns=["bin", "labels", "most", "least", "tested", *METRICS])


def f1_of_runs(runs: Sequence[Run], groups: int, metric: str = METRICS[0]) -> pd.DataFrame:
    """One row a run and group as `frequency_bins.bins_of_runs` gives it, and how many labels are tested.

    Groups are those of the run with most training documents, so that they are the same for all.

    Raises:
        WorkbenchError: as `f1_table`.
    """
    counts = max((run.train_counts for run in runs), key=np.sum, default=None)
    tables = {run.name: f1_table(run, groups, counts) for run in runs}
    table = bins_of_runs(runs, groups, 0, metric, lambda run: tables[run.name])
    tested = [number for run in runs for number in tables[run.name]["tested"]]
    return table.assign(tested=tested)


def f1_over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """`frequency_bins.bins_over_seeds` of `f1_of_runs`, and how many labels are tested."""
    tested = table.groupby([*SETTING, "bin"], sort=False)["tested"].first()
    return bins_over_seeds(table).assign(tested=tested.to_numpy())


def macro_f1(run: Run, chosen: NDArray[np.bool_]) -> float | None:
    """The mean F1 of the chosen labels (L,), 0 for one that is neither gold nor predicted; None for no label.

    Raises:
        WorkbenchError: as `f1_table`.
    """
    found = _labels(run, len(chosen))[chosen, 0]
    return float(found.mean()) if len(found) else None


def _labels(run: Run, labels: int) -> NDArray[np.float64]:
    """F1 (0 where a label is neither gold nor predicted), gold and predicted documents: (L, 3)."""
    found = run.metrics.get("test", {}).get("labels", [])
    if len(found) != labels:
        raise WorkbenchError(f"its metrics tell of {len(found)} labels, but it has {labels}: train it again.")
    try:
        rows = [[row[name] or 0.0 for name in _READ] for row in found]
    except KeyError as error:
        raise WorkbenchError(f"its metrics do not tell {error} of each label: train it again.") from None
    return np.array(rows, dtype=np.float64).reshape(labels, len(_READ))
