"""The paper card of xml-cnn."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="xml-cnn",
    title="Deep Learning for Extreme Multi-label Text Classification",
    authors="Jingzhou Liu, Wei-Cheng Chang, Yuexin Wu, Yiming Yang",
    venue="SIGIR",
    year=2017,
    summary="Filters over neighbouring words, their largest responses in several chunks of the document, and "
    "a narrow hidden layer before many labels.",
    equations={
        "feature map": r"c_i = \mathrm{ReLU}(v^\top e_{i:i+h-1})",
        "dynamic max pooling": r"P(c) = [\max c_{1:m/p}, \dots, \max c_{m-m/p+1:m}]",
        "classification": r"f = W_o \, \mathrm{ReLU}(W_h P), \; p = \mathrm{sigmoid}(f), \;"
        r" \mathcal{L} = -\sum_l [q_l \ln p_l + (1 - q_l) \ln (1 - p_l)]",
    },
    mechanisms=("convolution",),
)
