"""The paper card of lsan."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="lsan",
    title="Label-Specific Document Representation for Multi-Label Text Classification",
    authors="Lin Xiao, Xin Huang, Boli Chen, Liping Jing",
    venue="EMNLP",
    year=2019,
    summary="Each label reads the document by attention and by how words go with its own, and decides how "
    "much of either it takes.",
    equations={
        "self-attention": r"A^{(s)} = \mathrm{softmax}(W_2 \tanh(W_1 H)), \; M^{(s)} = A^{(s)} H^\top",
        "label attention": r"\overrightarrow{A} = C \overrightarrow{H}, \;"
        r" \overleftarrow{A} = C \overleftarrow{H}, \;"
        r" M^{(l)} = [\overrightarrow{A} \overrightarrow{H}^\top; \overleftarrow{A} \overleftarrow{H}^\top]",
        "fusion": r"M_j = \alpha_j M_j^{(l)} + \beta_j M_j^{(s)}, \; \alpha_j + \beta_j = 1",
        "classification": r"\hat y = \mathrm{sigmoid}(W_4 f(W_3 M^\top)), \;"
        r" \mathcal{L} = -\sum_j [y_j \ln \hat y_j + (1 - y_j) \ln (1 - \hat y_j)]",
    },
    mechanisms=("label attention", "label texts"),
)
