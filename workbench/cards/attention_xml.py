"""The paper card of attention-xml."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="attention-xml",
    title="AttentionXML: Label Tree-based Attention-Aware Deep Model for High-Performance Extreme "
    "Multi-Label Text Classification",
    authors="Ronghui You, Zihan Zhang, Ziye Wang, Suyang Dai, Hiroshi Mamitsuka, Shanfeng Zhu",
    venue="NeurIPS",
    year=2019,
    summary="Each label attends to the words for itself; one network scores all labels by what they read.",
    equations={
        "attention": r"\hat m_j = \sum_i \alpha_{ij} \hat h_i, \;"
        r" \alpha_{ij} = e^{\hat h_i \hat w_j} / \sum_t e^{\hat h_t \hat w_j}",
        "shared network": r"o_j = W_o \, \mathrm{ReLU}(W_h \hat m_j + b_h) + b_o",
        "classification": r"p_j = \mathrm{sigmoid}(o_j), \;"
        r" \mathcal{L} = -\sum_j [q_j \ln p_j + (1 - q_j) \ln (1 - p_j)]",
    },
    mechanisms=("label attention",),
)
