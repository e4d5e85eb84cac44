"""The paper card of httn."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="httn",
    title="Does Head Label Help for Long-Tailed Multi-Label Text Classification",
    authors="Lin Xiao, Xiangliang Zhang, Liping Jing, Chi Huang, Mingyang Song",
    venue="AAAI",
    year=2021,
    summary="A map from prototypes to classifiers, learnt from frequent labels, makes those of rare labels.",
    equations={
        "attention": r"\alpha = \mathrm{softmax}_t(w \cdot h_t + b), \; r = \sum_t \alpha_t h_t",
        "feature": r"f = W_p r + b_p, \; \hat y_{head} = \mathrm{sigmoid}(s \, M_{head} f / \|f\|)",
        "prototype": r"p_l = \sum_{i \in S_l} \frac{f_i}{\|f_i\|} \big/ \|\cdot\|, \; |S_l| = k",
        "transfer": r"\min_T \sum_{l \in head} \|T p_l - m_l\|^2, \; m_l = T p_l \text{ for } l \in tail",
    },
    mechanisms=("prototypes",),
)
