"""The paper card of binary-relevance."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="binary-relevance",
    title="Learning multi-label scene classification",
    authors="Matthew R. Boutell, Jiebo Luo, Xipeng Shen, Christopher M. Brown",
    venue="Pattern Recognition",
    year=2004,
    summary="Each label is a question of its own, answered by a linear SVM.",
    equations={
        "decision": r"f_l(x) = w_l \cdot x + b_l",
        "support vector machine": r"\min_{w_l, b_l} \tfrac{1}{2} (\|w_l\|^2 + b_l^2)"
        r" + C \sum_i \max(0, 1 - y_{il} f_l(x_i))^2",
    },
    mechanisms=("linear classifiers",),
)
