"""The paper card of text-cnn."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="text-cnn",
    title="Convolutional Neural Networks for Sentence Classification",
    authors="Yoon Kim",
    venue="EMNLP",
    year=2014,
    summary="Filters over neighbouring words; the largest response of each stands for the document.",
    equations={
        "feature map": r"c_i = f(w \cdot x_{i:i+h-1} + b)",
        "max over time": r"\hat c = \max_i c_i",
        "classification": r"p = \mathrm{sigmoid}(W \hat c + b), \;"
        r" \mathcal{L} = -\sum_l [q_l \ln p_l + (1 - q_l) \ln (1 - p_l)]",
    },
    mechanisms=("convolution",),
)
