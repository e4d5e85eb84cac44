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
    summary="Words are compared with labels, and the phrases most like some label make the document.",
    equations={
        "compatibility": r"G_{kt} = c_k^\top v_t / (\|c_k\| \|v_t\|)",
        "phrase": r"u_t = \mathrm{ReLU}(G_{t-r:t+r} W_1 + b_1), \; m_t = \max_k u_{kt}",
        "document": r"z = \sum_t \beta_t v_t, \; \beta = \mathrm{softmax}(m)",
        "classification": r"p = \mathrm{sigmoid}(f_2(z)),"
        r" \; \mathcal{L} = -\sum_l [q_l \ln p_l + (1 - q_l) \ln (1 - p_l)]",
        "label regularisation": r"\mathcal{L}_{reg} = \tfrac{1}{K} \sum_k \mathrm{CE}(e_k, f_2(c_k))",
    },
    mechanisms=("label attention", "label texts"),
)
