"""The paper card of ldgn."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="ldgn",
    title="Label-Specific Dual Graph Neural Network for Multi-Label Text Classification",
    authors="Qianwen Ma, Chunyuan Yuan, Wei Zhou, Songlin Hu",
    venue="ACL",
    year=2021,
    summary="What labels read in a document is passed along label co-occurrence and along a learnt graph.",
    equations={
        "label attention": r"u_i = \sum_t \mathrm{softmax}_t(h_t \cdot c_i) \, h_t",
        "static graph": r"A^s_{ij} = P(l_i \mid l_j), \; \hat A = D^{-1/2} A D^{-1/2}",
        "convolution": r"X' = \mathrm{LeakyReLU}(\hat A X W)",
        "dynamic graph": r"A^D = \mathrm{sigmoid}((H^2 W_a) (H^2 W_b)^\top)",
        "classification": r"\hat y_i = \mathrm{sigmoid}(w_i \cdot [H^2_i; H^4_i] + b_i)",
    },
    mechanisms=("label attention", "label graph"),
)
