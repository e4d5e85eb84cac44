"""The paper card of seq2set-style."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="seq2set-style",
    title="A Deep Reinforced Sequence-to-Set Model for Multi-Label Classification",
    authors="Pengcheng Yang, Fuli Luo, Shuming Ma, Junyang Lin, Xu Sun",
    venue="ACL",
    year=2019,
    summary="Seq2Set-style, a reconstruction: a sequence decoder learns labels by frequency; a set decoder "
    "that reads the document and the first one's states is rewarded for the F1 of its set, against what it "
    "says greedily. The share of the reward in the loss is not known. For P@k a label is ranked by the "
    "probabilities, summed, of the sequences of the beam that have it, before labels of none, which are "
    "ranked by the probability of being said first.",
    equations={
        "set decoder": r"s^2_t = \mathrm{LSTM}(s^2_{t-1}, [e(y_{t-1}); c^{enc}_{t-1}; c^{D1}_{t-1}])",
        "reward": r"r(y) = 2 |y \cap Y| / (|y| + |Y|)",
        "self-critical": r"\mathcal{L}_{RL} = -(r(y^s) - r(y^g)) \sum_t \log p(y^s_t)",
        "loss": r"\mathcal{L} = (1 - \lambda) \mathcal{L}_{CE}(D_1) + \lambda \mathcal{L}_{RL}(D_2)",
    },
    mechanisms=("sequence decoder",),
)
