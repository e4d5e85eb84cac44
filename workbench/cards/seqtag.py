"""The paper card of seqtag."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="seqtag",
    title="Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning",
    authors="Ximing Zhang, Qian-Wen Zhang, Zhao Yan, Ruifang Liu, Yunbo Cao",
    venue="Findings of ACL",
    year=2021,
    summary="A reconstruction of SeqTag_Bert, a baseline of LACO's own: a row of labels, each tagged yes or "
    "no, as in Bidirectional LSTM-CRF Models for Sequence Tagging (2015). The set is the likeliest row of "
    "tags; labels are ranked by their marginal probabilities.",
    equations={
        "score": r"s(x, y) = \sum_l (A_{y_{l-1}, y_l} + f_l(x)_{y_l})",
        "likelihood": r"\mathcal{L} = \log \sum_{y'} e^{s(x, y')} - s(x, y)",
        "marginal": r"p(y_l = 1 \mid x) = \sum_{y: y_l = 1} e^{s(x, y)} / \sum_{y'} e^{s(x, y')}",
    },
    mechanisms=("pre-trained encoder", "joint sequence", "label correlation"),
)
