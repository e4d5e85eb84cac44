"""The paper card of dxml-style."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="dxml-style",
    title="Deep Extreme Multi-label Learning",
    authors="Wenjie Zhang, Junchi Yan, Xiangfeng Wang, Hongyuan Zha",
    venue="ICMR",
    year=2018,
    summary="A reconstruction: documents among labels of a co-occurrence graph, where neighbours vote.",
    equations={
        "label graph": r"C = \sum_{r=1}^{w} D (D^{-1} A)^r, \; V = U \sqrt{S} \text{ of } \mathrm{PPMI}(C)",
        "document": r"f(x) = W_2 \mathrm{ReLU}(W_1 x + b_1) + b_2 \text{ at unit length}",
        "target": r"f(y) = \tfrac{1}{|y|} \sum_{l \in y} V_l",
        "loss": r"\mathcal{L} = \mathrm{Huber}(f(x), f(y))",
        "prediction": r"\hat y = \tfrac{1}{k} \sum_{i \in \mathrm{kNN}(f(x))} y_i",
    },
    mechanisms=("label graph", "nearest neighbours"),
)
