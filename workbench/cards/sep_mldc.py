"""SEP-MLDC's paper card: its equations and the numbers that it prints of itself (Tables 2 to 6)."""

from __future__ import annotations

from workbench.cards.base import PaperCard
from workbench.exhibits.printed import reported, taken
from workbench.exhibits.sep_mldc_numbers import TABLE_2, TABLE_3, TABLE_4, TABLE_5, TABLE_6

_ABLATIONS = ["sep-mldc-no-lse", "sep-mldc-no-datc", "sep-mldc-no-smcl", "sep-mldc-no-lgfs"]

CARD = PaperCard(
    method="sep-mldc",
    title="SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification",
    authors="Han Liu, Shuqin Li, Xiaotong Zhang, Yuanyuan Wang, Feng Zhang, Hongyang Chen, Hong Yu",
    venue="Findings of NAACL",
    year=2025,
    summary="Labels are read with a description each; labels and documents are contrasted by how alike they "
    "are, and labels stand beside the document that is classified.",
    equations={
        "label_text": r"y_j' = [y_j; y_j^*], \; y_j^* = \mathrm{LLM}(prompt_l, y_j)",
        "generated_documents": r"x_{y_j}^t = \mathrm{LLM}(prompt_\mathcal{D}, y_j, x_{y_j}),"
        r" \; y_j \in \mathcal{Y}_{tail}",
        "label_similarity": r"W_y = L_{same} \circ A_y, \; L_{same} = Y^\top Y,"
        r" \; A_{y_i} = S_{y_i} E + S_y - L_{same_i}",
        "label_contrastive_loss": r"\mathcal{L}_1 = \frac{1}{L} \sum_{y_i \in \mathcal{Y}} -\log"
        r" \frac{\exp(e_{y_i} \cdot e_{y_i} / \tau)}"
        r"{\sum_{y_k \in \mathcal{N}_y} \exp(e_{y_i} \cdot e_{y_k} / \tau) (1 - W_{y_{ik}})}",
        "document_similarity": r"W_x = Doc_{same} \circ A_x, \; Doc_{same} = Y Y^\top,"
        r" \; A_{x_i} = S_{x_i} E + S_x - Doc_{same_i}",
        "document_contrastive_loss": r"\mathcal{L}_2 = \frac{1}{|\mathcal{B}|} \sum_{x_i \in \mathcal{B}}"
        r" \frac{1}{|\mathcal{P}_x|} \sum_{x_j \in \mathcal{P}_x}"
        r" -\log \frac{\exp(e_{x_i} \cdot e_{x_j} / \tau)}"
        r"{\sum_{x_k \in \mathcal{P}_x} \exp(e_{x_i} \cdot e_{x_k} / \tau)"
        r" + \sum_{x_k \in \mathcal{N}_x} \exp(e_{x_i} \cdot e_{x_k} / \tau) (1 - W_{x_{ik}})}",
        "label_guided_features": r"e_{input} = [e_y^x; e_x], \; e_y^x = \alpha e_y,"
        r" \; \alpha = \mathrm{softmax}(e_x e_y^\top)",
        "classification_loss": r"\mathcal{L}_{ce} = -\frac{1}{|\mathbb{D}| L} \sum_{x_i \in \mathbb{D}}"
        r" \sum_{j=1}^L \left[ y_j \log p_j + (1 - y_j) \log (1 - p_j) \right],"
        r" \; p = p(y_{pre} | e_{input})",
        "loss": r"\mathcal{L} = \mathcal{L}_{ce} + \beta \mathcal{L}_1 + \gamma \mathcal{L}_2",
    },
    numbers={
        "label_text": "1-2",
        "generated_documents": "3",
        "label_similarity": "5-8",
        "label_contrastive_loss": "9",
        "document_similarity": "10-13",
        "document_contrastive_loss": "14-15",
        "label_guided_features": "16-18",
        "classification_loss": "19",
        "loss": "21",
    },
    mechanisms=("pre-trained encoder", "label texts", "generated examples", "contrast"),
    reported=reported(
        *(taken(table, encoder="", variants=["sep-mldc"]) for table in (TABLE_2, TABLE_3, TABLE_4, TABLE_6)),
        taken(TABLE_5, encoder="", variants=_ABLATIONS),
    ),
)
