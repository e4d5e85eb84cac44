"""The paper card of exam."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="exam",
    title="Explicit Interaction Model towards Text Classification",
    authors="Cunxiao Du, Zhaozheng Chen, Fuli Feng, Lei Zhu, Tian Gan, Liqiang Nie",
    venue="AAAI",
    year=2019,
    summary="A matrix says how each word goes with each class; a network over the places of words, the same "
    "for all classes, scores a class by its row.",
    equations={
        "interaction": r"I_{st} = T_s \cdot D_t",
        "aggregation": r"o_s = W_2 \, \mathrm{ReLU}(I_s W_1 + b)",
        "classification": r"p = \mathrm{sigmoid}(o), \;"
        r" \mathcal{L} = -\sum_s [q_s \ln p_s + (1 - q_s) \ln (1 - p_s)]",
    },
    mechanisms=("label attention",),
)
