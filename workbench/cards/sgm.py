"""The paper card of sgm."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="sgm",
    title="SGM: Sequence Generation Model for Multi-label Classification",
    authors="Pengcheng Yang, Xu Sun, Wei Li, Shuming Ma, Wei Wu, Houfeng Wang",
    venue="COLING",
    year=2018,
    summary="Labels are said one after another, frequent ones first, each with a look at the document and at "
    "all that the one before could have been. For P@k, which the paper does not speak of, a label is ranked "
    "by the probabilities, summed, of the sequences of the beam that have it, before labels of none, which "
    "are ranked by the probability of being said first.",
    equations={
        "attention": r"e_{ti} = v^\top \tanh(W s_t + U h_i), \; \alpha_t = \mathrm{softmax}(e_t),"
        r" \; c_t = \sum_i \alpha_{ti} h_i",
        "decoder": r"s_t = \mathrm{LSTM}(s_{t-1}, [g(y_{t-1}); c_{t-1}]),"
        r" \; o_t = W_o \tanh(W_d s_t + V_d c_t), \; p_t = \mathrm{softmax}(o_t + I_t)",
        "global embedding": r"g = H \odot e + (1 - H) \odot \bar e, \; \bar e = \sum_k p_{t-1,k} e_k,"
        r" \; H = \sigma(W_1 e + W_2 \bar e)",
        "score": r"s_l = \sum_{h \in \mathrm{beam}} p(h \mid x) [l \in h]",
    },
    mechanisms=("sequence decoder",),
)
