"""The paper card of seq2seq."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="seq2seq",
    title="Maximizing Subset Accuracy with Recurrent Neural Networks in Multi-label Classification",
    authors="Jinseok Nam, Eneldo Loza Mencía, Hyunwoo J. Kim, Johannes Fürnkranz",
    venue="NeurIPS",
    year=2017,
    summary="A reconstruction of Seq2Seq_T in LACO's tables: labels are said one after another; sizes and "
    "decoding are not the authors'.",
    equations={
        "sequence": r"p(y \mid x) = \prod_t p(y_t \mid y_{<t}, x), \; y_n = \mathrm{EOS}",
        "score": r"s_l = \sum_{h \in \mathrm{beam}} p(h \mid x) [l \in h]",
    },
    mechanisms=("pre-trained encoder", "sequence decoder"),
)
