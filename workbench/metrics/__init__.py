"""Metrics of multi-label classification on numpy arrays; fractions in [0, 1], gold dense or sparse."""

from workbench.metrics.catalogue import METRIC_NAMES, describe, higher_is_better
from workbench.metrics.dependency import (
    ConditionalProbabilities,
    LabelCombinations,
    conditional_divergence,
    conditional_probabilities,
    label_combinations,
)
from workbench.metrics.groups import GROUP_NAMES, TrainCounts, frequency_groups
from workbench.metrics.label_relations import (
    ConstraintSets,
    constraint_sets,
    frequent_partners,
    label_relations,
    mean_relations,
)
from workbench.metrics.propensity import propensities, propensities_from_counts
from workbench.metrics.ranking import (
    Ranking,
    macro_precision_at_k,
    ndcg_at_k,
    precision_at_k,
    psp_at_k,
    rank,
    ranked,
    recall_at_k,
)
from workbench.metrics.report import evaluate, label_table
from workbench.metrics.sets import (
    PRF,
    Confusion,
    confusion,
    example_f1,
    hamming_loss,
    macro_prf,
    micro_prf,
    subset_accuracy,
)
from workbench.metrics.thresholds import (
    DEFAULT_THRESHOLD,
    apply_threshold,
    choose_threshold,
    threshold_scores,
    tune_label_thresholds,
    tune_threshold,
)
from workbench.metrics.topk import top_k

__all__ = [
    "DEFAULT_THRESHOLD",
    "GROUP_NAMES",
    "METRIC_NAMES",
    "PRF",
    "ConditionalProbabilities",
    "Confusion",
    "ConstraintSets",
    "LabelCombinations",
    "Ranking",
    "TrainCounts",
    "apply_threshold",
    "choose_threshold",
    "conditional_divergence",
    "conditional_probabilities",
    "confusion",
    "constraint_sets",
    "describe",
    "evaluate",
    "example_f1",
    "frequency_groups",
    "frequent_partners",
    "hamming_loss",
    "higher_is_better",
    "label_combinations",
    "label_relations",
    "label_table",
    "macro_precision_at_k",
    "macro_prf",
    "mean_relations",
    "micro_prf",
    "ndcg_at_k",
    "precision_at_k",
    "propensities",
    "propensities_from_counts",
    "psp_at_k",
    "rank",
    "ranked",
    "recall_at_k",
    "subset_accuracy",
    "threshold_scores",
    "top_k",
    "tune_label_thresholds",
    "tune_threshold",
]
