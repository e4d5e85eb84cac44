"""The paper card of leam."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="leam",
    title="Joint Embedding of Words and Labels for Text Classification",
    authors="Guoyin Wang, Chunyuan Li, Wenlin Wang, Yizhe Zhang, Dinghan Shen, Xinyuan Zhang, Ricardo Henao, "
    "Lawrence Carin",
    venue="ACL",
    year=2018,
    summary="Words and labels lie in one space. Each label weighs a document's phrases for itself, as in the "
    "authors' script for several labels. The paper prints leam-document: the words most like some label make "
    "one vector for all. Where that script drops out is not known: leam has the encoder's alone.",
    equations={
        "phrase": r"u_t = \mathrm{ReLU}(V_{t-r:t+r} W_1 + b_1)",
        "attention": r"\alpha_{lt} = \mathrm{softmax}_t(c_l^\top u_t), \; m_l = \sum_t \alpha_{lt} u_t",
        "classification": r"p_l = \mathrm{sigmoid}(w_l^\top m_l + b_l),"
        r" \; \mathcal{L} = -\sum_l [q_l \ln p_l + (1 - q_l) \ln (1 - p_l)]",
        "leam-document: compatibility": r"G_{kt} = c_k^\top v_t / (\|c_k\| \|v_t\|)",
        "leam-document: phrase": r"u_t = \mathrm{ReLU}(G_{t-r:t+r} W_1 + b_1), \; m_t = \max_k u_{kt}",
        "leam-document: document": r"z = \sum_t \beta_t v_t, \; \beta = \mathrm{softmax}(m)",
        "leam-document: classification": r"p = \mathrm{sigmoid}(f_2(z))",
        "leam-document: label regularisation": r"\mathcal{L}_{reg} ="
        r" \tfrac{1}{K} \sum_k \mathrm{CE}(e_k, f_2(c_k))",
    },
    mechanisms=("label attention", "label texts"),
)
