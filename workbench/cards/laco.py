"""LACO's paper card: its equations and the numbers that it prints of itself (Tables 2 and 4)."""

from __future__ import annotations

from workbench.cards.base import PaperCard
from workbench.exhibits.laco_numbers import TABLE_2, TABLE_4
from workbench.exhibits.printed import reported, taken

_OWN = ("laco", "laco+plcp", "laco+clcp", "laco-no-je", "laco-no-ca", "laco-no-je-ca")

CARD = PaperCard(
    method="laco",
    title="Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
    authors="Ximing Zhang, Qian-Wen Zhang, Zhao Yan, Ruifang Liu, Yunbo Cao",
    venue="Findings of ACL",
    year=2021,
    summary="Documents and labels are read in one sequence; further tasks ask which labels occur together.",
    equations={
        "cross_attention_scores": r"M = H_D H_Y^\top",
        "weighted_document": r"c = \Omega(M_{i-r;i+r}) \cdot H_D",
        "classification": r"\mathcal{L}_{mlc} = -\sum_i [q_i \ln p_i + (1 - q_i) \ln (1 - p_i)],"
        r" \; p = \mathrm{sigmoid}(W_1 c + b_1)",
        "pair_loss": r"\mathcal{L}_{plcp} = -[q_{ij} \ln p_{ij} + (1 - q_{ij}) \ln (1 - p_{ij})]",
        "conditional_loss": r"\mathcal{L}_{clcp} = -\sum_{i=1}^{n-s}"
        r" [q_i \ln p_i + (1 - q_i) \ln (1 - p_i)]",
        "loss": r"\mathcal{L} = \mathcal{L}_{mlc} + \alpha \mathcal{L}_{plcp}"
        r" + (1 - \alpha) \mathcal{L}_{clcp}",
    },
    numbers={
        "cross_attention_scores": "1",
        "weighted_document": "2",
        "classification": "3-4",
        "pair_loss": "5",
        "conditional_loss": "6",
        "loss": "7",
    },
    mechanisms=("pre-trained encoder", "label texts", "joint sequence", "label correlation"),
    reported=reported(*(taken(table, encoder="", variants=_OWN) for table in (TABLE_2, TABLE_4))),
)
