"""All metrics of a model on one split, ready for JSON: overall, by frequency group and by label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from workbench.errors import WorkbenchError
from workbench.metrics.groups import TrainCounts, frequency_groups, label_counts
from workbench.metrics.indicator import as_indicator
from workbench.metrics.propensity import propensities_from_counts
from workbench.metrics.ranking import Ranking, rank
from workbench.metrics.sets import Confusion, confusion
from workbench.metrics.thresholds import DEFAULT_THRESHOLD, threshold_scores


def evaluate(
    scores: ArrayLike,
    targets: Any,
    *,
    train_targets: Any,
    threshold: ArrayLike = DEFAULT_THRESHOLD,
    predicted: Any = None,
    ks: Sequence[int] = (1, 3, 5),
    a: float = 0.55,
    b: float = 1.5,
) -> dict[str, Any]:
    """Every metric at once, from one ranking and one count of the predicted sets.

    Shapes: scores (N, L) float; targets (N, L) and train_targets (M, L) of 0 and 1, dense or sparse
    (or TrainCounts, when the training split itself is not at hand);
    threshold one number or (L,): a label is predicted where its score is at least that; or, in place of a
    threshold, the sets themselves, predicted (N, L) of 0 and 1, dense or sparse.

    Returns a dict that is JSON as it stands; a value that is undefined (an empty group, no labelled document,
    the precision of a label never predicted) is None: "documents", "documents_without_labels" (left out of
    the ranking metrics), "overall" {metric: fraction}, "groups" {head, mid, tail, unseen: {metric: fraction}}
    and "labels", one dict a label. R@k is overall a mean over documents, but of a group the share of its gold
    (document, label) pairs, so that groups do not average to the whole. `catalogue.describe` says what each
    metric is.

    Raises:
        WorkbenchError: for shapes that differ, NaN scores, targets other than 0 and 1, k below 1.
    """
    gold, train = as_indicator(targets, "targets"), TrainCounts.of(train_targets)
    _require_same_labels(gold.shape[1], len(train.counts))
    ranking = rank(scores, gold, max(ks, default=1))
    sets = threshold_scores(scores, threshold) if predicted is None else predicted
    counts = confusion(sets, gold)
    train_counts = train.counts
    weights = propensities_from_counts(train_counts, train.documents, a, b)
    report = {
        "documents": gold.shape[0],
        "documents_without_labels": int((~ranking.labelled).sum()),
        "overall": ranking_metrics(ranking, weights, ks) | set_metrics(counts),
        "groups": {
            name: group_metrics(ranking, counts, labels, ks)
            for name, labels in frequency_groups(train_counts).items()
        },
        "labels": table_of_labels(counts, train_counts).to_dict("records"),
    }
    return _without_nan(report)


def ranking_metrics(
    ranking: Ranking, propensities: NDArray[np.float64], ks: Sequence[int]
) -> dict[str, float]:
    """P, R, nDCG, PSP and macro P at each k."""
    names: dict[str, float] = {}
    for k in ks:
        names[f"P@{k}"] = ranking.mean(ranking.precision_per_document(k))
        names[f"R@{k}"] = ranking.mean(ranking.recall_per_document(k))
        names[f"nDCG@{k}"] = ranking.mean(ranking.ndcg_per_document(k))
        names[f"PSP@{k}"] = ranking.psp(propensities, k)
        names[f"macro_P@{k}"] = (
            float(ranking.label_precision(k).mean()) if ranking.labelled.any() else math.nan
        )
    return names


def set_metrics(counts: Confusion) -> dict[str, float]:
    """Micro, macro (over all labels) and example-based metrics of the predicted sets."""
    micro, macro = counts.micro(), counts.macro()
    in_gold = counts.macro(counts.label_gold > 0)
    return {
        "micro_precision": micro.precision,
        "micro_recall": micro.recall,
        "micro_F1": micro.f1,
        "macro_precision": macro.precision,
        "macro_recall": macro.recall,
        "macro_F1": macro.f1,
        "macro_F1_gold": in_gold.f1,
        "hamming_loss": counts.hamming_loss(),
        "subset_accuracy": counts.subset_accuracy(),
        "example_F1": counts.example_f1(),
    }


def group_metrics(
    ranking: Ranking, counts: Confusion, labels: NDArray[np.intp], ks: Sequence[int]
) -> dict[str, float | int]:
    """Set metrics within a group of labels, and how well the group's labels reach the first k.

    "R@k" of a group is the share of its gold (document, label) pairs that are among the document's first k.
    """
    chosen = np.zeros(len(counts.label_gold), dtype=np.bool_)
    chosen[labels] = True
    n_gold = int(counts.label_gold[chosen].sum())
    micro = counts.micro(chosen) if len(labels) else (math.nan,) * 3
    macro = counts.macro(chosen)
    names: dict[str, float | int] = {
        "labels": len(labels),
        "labels_in_gold": int((counts.label_gold[chosen] > 0).sum()),
        "gold": n_gold,
        **dict(zip(("micro_precision", "micro_recall", "micro_F1"), micro, strict=True)),
        **dict(zip(("macro_precision", "macro_recall", "macro_F1"), macro, strict=True)),
    }
    for k in ks:
        right, _ = ranking.label_hits(k)
        names[f"R@{k}"] = int(right[chosen].sum()) / n_gold if n_gold else math.nan
        names[f"macro_P@{k}"] = float(ranking.label_precision(k)[chosen].mean()) if len(labels) else math.nan
    return names


def label_table(predicted: Any, targets: Any, train: Any) -> pd.DataFrame:
    """One row a label: index, group, train_count, test_count, predicted_count, precision, recall, F1.

    Precision is NaN for a label never predicted, recall for one never in the gold, F1 where it is neither:
    the macro-averages count those as 0.

    Shapes: predicted, targets (N, L) of 0 and 1, dense or sparse; train (M, L) likewise, or (L,) counts.
    """
    counts, train_counts = confusion(predicted, targets), label_counts(train)
    _require_same_labels(len(counts.label_gold), len(train_counts))
    return table_of_labels(counts, train_counts)


def table_of_labels(counts: Confusion, train_counts: NDArray[np.int64]) -> pd.DataFrame:
    """`label_table` from counts that are there already."""
    precision, recall, f1 = counts.per_label(zero_division=math.nan)
    group = np.empty(len(train_counts), dtype=object)
    for name, labels in frequency_groups(train_counts).items():
        group[labels] = name
    return pd.DataFrame(
        {
            "index": np.arange(len(train_counts)),
            "group": group,
            "train_count": train_counts,
            "test_count": counts.label_gold,
            "predicted_count": counts.label_predicted,
            "precision": precision,
            "recall": recall,
            "F1": f1,
        }
    )


def _require_same_labels(n_labels: int, n_train_labels: int) -> None:
    if n_labels != n_train_labels:
        raise WorkbenchError(
            f"targets have {n_labels} labels but train_targets have {n_train_labels}; "
            "both must come from the same label list."
        )


def _without_nan(value: Any) -> Any:
    """The same nested value with None for NaN, which JSON does not have."""
    if isinstance(value, dict):
        return {key: _without_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_without_nan(item) for item in value]
    return None if isinstance(value, float) and math.isnan(value) else value
