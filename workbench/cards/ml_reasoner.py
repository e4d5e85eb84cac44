"""The paper card of ml-reasoner."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="ml-reasoner",
    title="A novel reasoning mechanism for multi-label text classification",
    authors="Ran Wang, Robert Ridley, Xi'ao Su, Weiguang Qu, Xinyu Dai",
    venue="Information Processing & Management",
    year=2021,
    summary="A reconstruction, for no code was released: labels, scaled by what the last round said of them, "
    "attend to the document, and all are judged again. What the first round starts from, which rounds have a "
    "loss and the sizes are choices made here.",
    equations={
        "label vectors": r"l_j^{(t)} = W_l \, (z_j^{(t-1)} e_j) + b_l, \; z^{(0)} = 0",
        "attention": r"\alpha^{(t)} = \mathrm{softmax}_j(w^\top [x; l_j^{(t)}]), \;"
        r" l_{att}^{(t)} = \sum_j \alpha_j^{(t)} l_j^{(t)}",
        "classification": r"z^{(t)} = \mathrm{sigmoid}(W [x; l_{att}^{(t)}] + b), \;"
        r" \mathcal{L} = -\sum_j [q_j \ln z_j^{(T)} + (1 - q_j) \ln (1 - z_j^{(T)})]",
    },
    mechanisms=("convolution", "label correlation"),
)
