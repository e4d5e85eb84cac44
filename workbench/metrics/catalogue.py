"""What each metric is, in a line, and which way is better: for tables and hover text."""

from __future__ import annotations

import re

from workbench.errors import WorkbenchError, nearest

_HIGHER: dict[str, str] = {
    "P@k": "Precision at k: mean share of right labels among a document's first k",
    "R@k": "Recall at k: mean share of a document's gold labels among its first k; of a label group, "
    "the share of its gold (document, label) pairs there",
    "nDCG@k": "Normalised discounted cumulative gain at k: right labels count more the higher they stand",
    "PSP@k": "Propensity-scored precision at k: right labels count more the rarer they are in training",
    "macro_P@k": "Macro precision at k: each label's precision within the first k, then the mean over labels",
    "micro_precision": "Share of all predicted labels that are right",
    "micro_recall": "Share of all gold labels that are predicted",
    "micro_F1": "F1 over all decisions together: frequent labels decide",
    "macro_precision": "Mean over labels of each label's precision",
    "macro_recall": "Mean over labels of each label's recall",
    "macro_F1": "Mean over all labels of each label's F1: a rare label counts as much as a frequent one",
    "macro_F1_gold": "Mean of F1 over the labels that occur in the gold",
    "subset_accuracy": "Share of documents whose predicted set is exactly the gold one",
    "example_F1": "Mean over documents of the F1 of its predicted set",
}
_LOWER: dict[str, str] = {"hamming_loss": "Share of all document-label decisions that are wrong"}
_DESCRIPTIONS = _HIGHER | _LOWER

METRIC_NAMES: tuple[str, ...] = tuple(_DESCRIPTIONS)
"""Every metric of `evaluate`; "@k" stands for any rank, as in "P@3"."""


def describe(name: str) -> str:
    """One line on a metric with its direction, as for "nDCG@5" or "hamming_loss".

    Raises:
        WorkbenchError: for an unknown name, with the nearest known one.
    """
    pattern, rank = _pattern(name)
    text = _DESCRIPTIONS[pattern]
    if rank:
        text = re.sub(r"\bk\b", rank, text)
    return f"{text} ({'higher' if pattern in _HIGHER else 'lower'} is better)."


def higher_is_better(name: str) -> bool:
    """The direction of a metric.

    Raises:
        WorkbenchError: for an unknown name, with the nearest known one.
    """
    return _pattern(name)[0] in _HIGHER


def _pattern(name: str) -> tuple[str, str]:
    """The catalogue's name of a metric, and its rank where it has one: "P@3" is "P@k" and "3"."""
    match = re.fullmatch(r"(.+@)([1-9]\d*|k)", name)
    pattern = f"{match[1]}k" if match else name
    if pattern not in _DESCRIPTIONS:
        raise WorkbenchError(
            f"Unknown metric {name!r}.{nearest(name, METRIC_NAMES)} Known: {', '.join(METRIC_NAMES)}."
        )
    return pattern, match[2] if match else ""
