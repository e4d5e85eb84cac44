"""The paper card of seq2seq."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="seq2seq",
    title="Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
    authors="Ximing Zhang, Qian-Wen Zhang, Zhao Yan, Ruifang Liu, Yunbo Cao",
    venue="Findings of ACL",
    year=2021,
    summary="A reconstruction of Seq2Seq_T, a baseline of LACO's own: labels are said one after another, as "
    "in Maximizing Subset Accuracy with Recurrent Neural Networks in Multi-label Classification (2017). "
    "Sizes and decoding are not the authors'. The set is the likeliest sequence's. A label is ranked by the "
    "probabilities, summed, of the sequences of the beam that have it, before labels of none, which are "
    "ranked by the probability of being said first.",
    equations={
        "sequence": r"p(y \mid x) = \prod_t p(y_t \mid y_{<t}, x), \; y_n = \mathrm{EOS}",
        "score": r"s_l = \sum_{h \in \mathrm{beam}} p(h \mid x) [l \in h]",
    },
    mechanisms=("pre-trained encoder", "sequence decoder"),
)
