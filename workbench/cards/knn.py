"""The paper card of knn."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="knn",
    title="Contrastive Learning-Enhanced Nearest Neighbor Mechanism for Multi-Label Text Classification",
    authors="Xi'ao Su, Ran Wang, Xinyu Dai",
    venue="ACL (short papers)",
    year=2022,
    summary="The paper's neighbours alone, beside any method: the nearest training documents vote. The "
    "method inside reads with the run's encoder, not with that of its own paper.",
    equations={
        "neighbours": r"\hat y_{knn} = \sum_{k} \mathrm{softmax}_k(-d(h, h_k) / \tau) \, y_k",
        "prediction": r"\hat y = \lambda \hat y_{knn} + (1 - \lambda) \, \hat y_{base}",
    },
    mechanisms=("nearest neighbours",),
)
