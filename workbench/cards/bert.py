"""The paper card of bert."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="bert",
    title="BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
    authors="Jacob Devlin, Ming-Wei Chang, Kenton Lee, Kristina Toutanova",
    venue="NAACL",
    year=2019,
    summary="A pre-trained transformer whose first token stands for the document.",
    equations={
        "classification": r"p = \mathrm{sigmoid}(W C + b), \;"
        r" \mathcal{L} = -\sum_l [q_l \ln p_l + (1 - q_l) \ln (1 - p_l)]",
    },
    mechanisms=("pre-trained encoder",),
)
