"""The paper card of seqtag."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="seqtag",
    title="Bidirectional LSTM-CRF Models for Sequence Tagging",
    authors="Zhiheng Huang, Wei Xu, Kai Yu",
    venue="arXiv",
    year=2015,
    summary="A reconstruction of SeqTag_Bert in LACO's tables: a row of labels, each tagged yes or no.",
    equations={
        "score": r"s(x, y) = \sum_l (A_{y_{l-1}, y_l} + f_l(x)_{y_l})",
        "likelihood": r"\mathcal{L} = \log \sum_{y'} e^{s(x, y')} - s(x, y)",
        "marginal": r"p(y_l = 1 \mid x) = \sum_{y: y_l = 1} e^{s(x, y)} / \sum_{y'} e^{s(x, y')}",
    },
    mechanisms=("pre-trained encoder", "joint sequence", "label correlation"),
)
