"""Labels in bins of equal size, from the most to the least frequent: where along the tail a method helps.

Source: "Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification", Figure 1. The
paper's bins hold 400 labels each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.comparison import each_seed, run_table
from workbench.analysis.documents import read_ranking
from workbench.analysis.predicted_sets import label_matrix
from workbench.analysis.records import SETTING
from workbench.data.oversampling import oversampled_rows
from workbench.errors import WorkbenchError
from workbench.metrics import Ranking, propensities_from_counts
from workbench.runs.store import Run

METRICS = ("macro_P", "P", "PSP", "R")
"""macro_P@k: the mean over a bin's labels of the share of documents that is right among those whose first k
hold the label. P@k: that share over all of the bin's labels together. PSP@k: propensity-weighted hits of the
bin's labels over what a perfect ranking of these labels would have. R@k: the share of the bin's gold
(document, label) pairs that are among the document's first k."""


def frequency_bins(train_counts: NDArray[np.integer], bins: int) -> list[NDArray[np.intp]]:
    """Labels (L,) by falling number of training documents, in `bins` groups of nearly equal size.

    Fewer groups where there are fewer labels; ties by label index.

    Raises:
        WorkbenchError: for fewer than one bin.
    """
    if bins < 1:
        raise WorkbenchError(f"{bins} bins hold no labels: take at least 1.")
    order = np.argsort(-np.asarray(train_counts), kind="stable")
    return [part for part in np.array_split(order, min(bins, max(1, len(order)))) if len(part)]


def bin_table(run: Run, bins: int, k: int) -> pd.DataFrame:
    """One row a bin of labels, the most frequent first: bin (from 1), labels, most, least, then METRICS.

    `most` and `least` are training documents of a label. A metric is NaN where a bin has nothing to measure:
    P@k of labels that no document's first k hold, PSP@k and R@k of labels without gold documents.
    """
    ranking = _ranked(run, k)
    right, there = ranking.label_hits(k)
    counts, in_gold = run.train_counts, ranking.gold.label_counts()
    propensity = propensities_from_counts(counts, run.n_train)
    rows = []
    for number, labels in enumerate(frequency_bins(counts, bins), start=1):
        outside = np.full(len(counts), np.inf)  # weighs nothing
        outside[labels] = propensity[labels]
        rows.append(
            {
                "bin": number,
                "labels": len(labels),
                "most": int(counts[labels].max()),
                "least": int(counts[labels].min()),
                "macro_P": _macro(right[labels], there[labels]),
                "P": _share(right[labels].sum(), there[labels].sum()),
                "PSP": ranking.psp(outside, k) if in_gold[labels].any() else float("nan"),
                "R": _share(right[labels].sum(), in_gold[labels].sum()),
            }
        )
    return pd.DataFrame(rows)


def macro_precision(run: Run, chosen: NDArray[np.bool_], k: int) -> float:
    """macro_P@k (see `METRICS`) of the labels that are `chosen` (L,); NaN where none is."""
    right, there = _ranked(run, k).label_hits(k)
    return _macro(right[chosen], there[chosen])


def bins_of_runs(
    runs: Sequence[Run],
    bins: int,
    k: int,
    metric: str = "macro_P",
    made: Callable[[Run], pd.DataFrame] | None = None,
) -> pd.DataFrame:
    """One row a run and bin: run, seed, what SETTING names, bin, labels, most, least, value.

    `made` gives a run's `bin_table`, for those who keep it.
    """
    about = run_table(runs, "test")[["seed", *SETTING]].to_dict("records")
    parts = []
    for run, setting in zip(runs, about, strict=True):
        table = made(run) if made else bin_table(run, bins, k)
        cells = table[["bin", "labels", "most", "least"]].assign(value=table[metric], run=run.name)
        parts.append(cells.assign(**{str(name): value for name, value in setting.items()}))
    columns = ["run", "seed", *SETTING, "bin", "labels", "most", "least", "value"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def bins_over_seeds(table: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation over seeds of `bins_of_runs`, one row a setting and bin; n counts seeds."""
    keys = [*SETTING, "bin"]
    about = table.groupby(keys, sort=False)[["labels", "most", "least"]].first()
    over = each_seed(table, keys).groupby(keys, sort=False)["value"].agg(mean="mean", std="std", n="count")
    return pd.concat([about, over], axis=1).reset_index()


def augmented_counts(
    targets: sparse.csr_array, is_tail: NDArray[np.bool_], times: int, seed: int = 0
) -> pd.DataFrame:
    """Positive pairs of each label before and after augmenting tail labels (Figure 1a), most frequent first.

    Sample-level repeats `times` whole documents of each tail label, with all their other labels; pair-level
    adds `times` features of the tail label alone. Columns: rank (from 1), label (index), is_tail, original,
    sample_level, pair_level. Shapes: targets (N, L), is_tail (L,).
    """
    original = np.asarray(targets.sum(axis=0), dtype=np.int64)
    repeated = targets[oversampled_rows(targets, np.flatnonzero(is_tail), times, seed)]
    order = np.argsort(-original, kind="stable")
    table = pd.DataFrame(
        {
            "label": np.arange(len(original)),
            "is_tail": is_tail,
            "original": original,
            "sample_level": np.asarray(repeated.sum(axis=0), dtype=np.int64),
            "pair_level": original + times * (is_tail & (original > 0)),
        }
    ).iloc[order]
    table.insert(0, "rank", np.arange(1, len(table) + 1))
    return table.reset_index(drop=True)


def imbalance(counts: pd.Series) -> float:
    """The Gini coefficient of documents over labels: 0 when all have as many, near 1 when one has all."""
    ascending = np.sort(counts.to_numpy(dtype=np.float64))
    total = ascending.sum()
    if not total:
        return 0.0
    place = np.arange(1, len(ascending) + 1)
    return float((2 * place - len(ascending) - 1) @ ascending / (len(ascending) * total))


def _ranked(run: Run, k: int) -> Ranking:
    return read_ranking(run, label_matrix(run.predictions["gold_labels"].to_numpy(), len(run.labels)), k)


def _macro(right: NDArray[np.integer], there: NDArray[np.integer]) -> float:
    """The mean over labels of the share that is right; 0 for a label that is never there, NaN without one."""
    return float((right / np.maximum(there, 1)).mean()) if len(right) else float("nan")


def _share(part: np.integer, whole: np.integer) -> float:
    return float(part / whole) if whole else float("nan")
