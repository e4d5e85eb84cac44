"""The paper card of rank-ae-style."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="rank-ae-style",
    title="Ranking-Based Autoencoder for Extreme Multi-label Classification",
    authors="Bingyu Wang, Li Chen, Wei Sun, Kechen Qin, Kefeng Li, Hui Zhou",
    venue="NAACL",
    year=2019,
    summary="A reconstruction: weighted words and label sets share a hidden space, decoded to a ranking.",
    equations={
        "word": r"v'_t = s(v_t) \, g(v_t) \odot v_t, \; g(v) = \mathrm{sigmoid}(W_2 \mathrm{ReLU}(W_1 v))",
        "document": r"x_h = \mathrm{sigmoid}(W \tfrac{1}{n} \sum_t v'_t + b)",
        "ranking": r"\mathcal{L}_N = \sum_{p \in y} (m + \max_{n \notin y} \hat y_n - \hat y_p)_+, \;"
        r" \mathcal{L}_P = \sum_{n \notin y} (m + \hat y_n - \min_{p \in y} \hat y_p)_+",
        "loss": r"\mathcal{L} = \|x_h - y_h\|^2 + \lambda (\mathcal{L}_P + \mathcal{L}_N)",
    },
    mechanisms=("autoencoder",),
)
