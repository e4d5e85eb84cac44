"""LSFA's paper card: its equations and the numbers that it prints of itself (Tables 2 to 5)."""

from __future__ import annotations

from workbench.cards.base import PaperCard
from workbench.exhibits.lsfa_numbers import TABLE_2, TABLE_3, TABLE_4, TABLE_5
from workbench.exhibits.printed import reported, taken

CARD = PaperCard(
    method="lsfa",
    title="Label-Specific Feature Augmentation for Long-Tailed Multi-Label Text Classification",
    authors="Pengyu Xu, Lin Xiao, Bing Liu, Sijin Lu, Liping Jing, Jian Yu",
    venue="AAAI",
    year=2023,
    summary="Each label reads documents for itself; rare labels get generated features.",
    equations={
        "label_attention": r"v_l = \sum_t \alpha_{lt} x_t,"
        r" \; \alpha_l = \mathrm{softmax}(e_l^\top x_1, \ldots, e_l^\top x_D)",
        "supervised_contrastive_loss": r"\mathcal{L}_{SC}^i = -\frac{1}{|\{v^{i+}\}|}"
        r" \sum_{v^j \in \{v^{i+}\}}"
        r" \log \frac{\exp(v^i \cdot v^j / \tau)}{\sum_{k \neq i} \exp(v^i \cdot v^k / \tau)}",
        "prototypical_contrastive_loss": r"\mathcal{L}_{PSC} = -\alpha \sum_i \log"
        r" \frac{\exp(v^i \cdot p_{y^i} / \tau)}{\sum_j \exp(v^i \cdot p_j / \tau)}",
        "label_prototypes": r"p_l = \frac{1}{n^l} \sum_j v_l^j",
        "vae_loss": r"D_{KL}(q(z | v_l^j, p_l) \| p(z)) - \log p(v_l^j | z, p_l)",
        "augmented_positive_loss": r"\mathcal{L}_{Augmented} = -\gamma \sum_{l \in \mathcal{T}}"
        r" \sum_{j \in \mathcal{D}^l} \log \sigma(w_l^\top \hat v_j)",
    },
    numbers={
        "label_attention": "3-4",
        "supervised_contrastive_loss": "7-8",
        "prototypical_contrastive_loss": "9",
        "label_prototypes": "10",
        "vae_loss": "16",
        "augmented_positive_loss": "19",
    },
    mechanisms=("label attention", "prototypes", "generated examples", "contrast", "autoencoder"),
    reported=reported(
        *(taken(table, encoder="", variants=["lsfa"]) for table in (TABLE_2, TABLE_3, TABLE_4, TABLE_5))
    ),
)
