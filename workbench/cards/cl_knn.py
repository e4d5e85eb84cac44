"""The paper card of cl-knn."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="cl-knn",
    title="Contrastive Learning-Enhanced Nearest Neighbor Mechanism for Multi-Label Text Classification",
    authors="Xi'ao Su, Ran Wang, Xinyu Dai",
    venue="ACL (short papers)",
    year=2022,
    summary="Documents with common labels are drawn together; the nearest training documents vote.",
    equations={
        "overlap": r"C_{ij} = y_i \cdot y_j, \; \beta_{ij} = C_{ij} / \sum_{k \neq i} C_{ik}",
        "contrast": r"\mathcal{L}_{con} = -\sum_i \sum_{j \neq i} \beta_{ij}"
        r" \log \frac{e^{-d(h_i, h_j) / \tau'}}{\sum_{k \neq i} e^{-d(h_i, h_k) / \tau'}}",
        "loss": r"\mathcal{L} = \mathcal{L}_{bce} + \gamma \mathcal{L}_{con}",
        "neighbours": r"\hat y_{knn} = \sum_{k} \mathrm{softmax}_k(-d(h, h_k) / \tau) \, y_k",
        "prediction": r"\hat y = \lambda \hat y_{knn} + (1 - \lambda) \, \mathrm{sigmoid}(W h + b)",
    },
    mechanisms=("pre-trained encoder", "contrast", "nearest neighbours"),
)
