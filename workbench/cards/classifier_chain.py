"""The paper card of classifier-chain."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="classifier-chain",
    title="Classifier chains for multi-label classification",
    authors="Jesse Read, Bernhard Pfahringer, Geoff Holmes, Eibe Frank",
    venue="Machine Learning",
    year=2011,
    summary="Labels are decided in a row; each classifier sees the decisions before its own.",
    equations={
        "decision": r"f_j(x) = w_j \cdot x + \sum_{k < j} v_{jk} \hat y_k + b_j, \; \hat y_k = [f_k(x) > 0]",
        "support vector machine": r"\min \tfrac{1}{2} (\|w_j\|^2 + \|v_j\|^2 + b_j^2)"
        r" + C \sum_i \max(0, 1 - y_{ij} f_j(x_i))^2",
    },
    mechanisms=("linear classifiers", "label correlation"),
)
