"""ProtoMix's paper card: its equations and the numbers that it prints of its variants (Tables 4 and 6)."""

from __future__ import annotations

from workbench.cards.base import PaperCard
from workbench.exhibits.printed import reported
from workbench.exhibits.protomix_numbers import TABLE_4, TABLE_6

CARD = PaperCard(
    method="protomix",
    title="Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations",
    authors="Anonymous Author(s)",
    venue="anonymous submission",
    year=2024,
    summary="Pulls each document to the blend of its labels' embeddings; mixes documents and blends.",
    equations={
        "classification_loss": r"\mathcal{L}_C = -\frac{1}{K} \sum_k \left[ Y_i^{[k]} \log \hat Y_i^{[k]}"
        r" + (1 - Y_i^{[k]}) \log(1 - \hat Y_i^{[k]}) \right]",
        "average_prototype": r"P_i = \frac{1}{|\mathcal{K}_i|} \sum_{k \in \mathcal{K}_i} W_{\cdot k}",
        "attentive_prototype": r"P_i = \sum_{k \in \mathcal{K}_i}"
        r" \frac{\exp g(S_i, W_{\cdot k})}"
        r"{\sum_{k' \in \mathcal{K}_i} \exp g(S_i, W_{\cdot k'})} W_{\cdot k}",
        "prototype_distance": r"\mathcal{L}_M = \frac{1}{H} \sum_h (S_i^{[h]} - P_i^{[h]})^2",
        "mix": r"\tilde S = (1 - \lambda) S_i + \lambda S_j, \; \tilde P = (1 - \lambda) P_i + \lambda P_j",
        "loss": r"\mathcal{L} = \mathcal{L}_{C\_Mix} + \beta \mathcal{L}_{M\_Mix}",
    },
    numbers={
        "classification_loss": "3",
        "average_prototype": "5",
        "attentive_prototype": "6-7",
        "prototype_distance": "8",
        "mix": "13",
        "loss": "15",
    },
    mechanisms=("prototypes", "mixing"),
    reported=reported(TABLE_4, TABLE_6),
)
