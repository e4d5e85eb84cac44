"""The paper card of ocd."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="ocd",
    title="Order-free Learning Alleviating Exposure Bias in Multi-label Classification",
    authors="Che-Ping Tsai, Hung-Yi Lee",
    venue="AAAI",
    year=2020,
    summary="The decoder says labels drawn by its own probabilities; the right next one is any that is left, "
    "and the end where none is. The weight of the second head's loss is not known: 1 here. For P@k a label "
    "is ranked by the probabilities, summed, of the sequences of the beam that have it, before labels of "
    "none, which are ranked by the probability of being said first.",
    equations={
        "optimal target": r"\pi^*_t = \mathrm{uniform}(R_t), \; R_t = Y \setminus \{\hat y_{<t}\};"
        r" \; \mathrm{EOS} \text{ where } R_t = \emptyset",
        "completion": r"\mathcal{L}_{OCD} = \sum_t \mathrm{KL}(\pi^*_t \| p_t)",
        "loss": r"\mathcal{L} = \mathcal{L}_{OCD} + \lambda \mathcal{L}_{BCE}",
        "rescoring": r"\log p(h \mid x) + \sum_{l \in h} \mathrm{logit}\, p_{BR}(l)",
        "joint decoding": r"p'_t(l) \propto p_t(l) \, p_{BR}(l) / (1 - p_{BR}(l)), \;"
        r" p'_t(\mathrm{EOS}) \propto p_t(\mathrm{EOS})",
    },
    mechanisms=("sequence decoder",),
)
