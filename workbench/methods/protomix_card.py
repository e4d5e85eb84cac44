"""ProtoMix's paper card: its equations and the numbers it prints for AAPD (Table 6)."""

from __future__ import annotations

from workbench.methods.base import PaperCard

_METRICS = ("P@1", "P@3", "P@5", "nDCG@3", "nDCG@5")
_TABLE_6_AAPD = {
    ("cnn", "base"): (0.8290, 0.5960, 0.4110, 0.7877, 0.8304),
    ("cnn", "proto"): (0.8390, 0.6023, 0.4056, 0.7961, 0.8286),
    ("cnn", "mix"): (0.8350, 0.6070, 0.4082, 0.7982, 0.8304),
    ("cnn", "protomix"): (0.8460, 0.6163, 0.4126, 0.8100, 0.8409),
    ("bilstm", "base"): (0.8300, 0.6003, 0.4126, 0.7911, 0.8323),
    ("bilstm", "proto"): (0.8390, 0.6013, 0.4110, 0.7950, 0.8344),
    ("bilstm", "mix"): (0.8489, 0.6069, 0.4182, 0.8021, 0.8447),
    ("bilstm", "protomix"): (0.8540, 0.6140, 0.4166, 0.8117, 0.8480),
    ("bert-base-uncased", "base"): (0.8490, 0.6160, 0.4211, 0.8099, 0.8499),
    ("bert-base-uncased", "proto"): (0.8520, 0.6190, 0.4253, 0.8157, 0.8585),
    ("bert-base-uncased", "mix"): (0.8550, 0.6276, 0.4254, 0.8249, 0.8615),
    ("bert-base-uncased", "protomix"): (0.8683, 0.6272, 0.4275, 0.8267, 0.8649),
    ("llama-3-8b", "base"): (0.8790, 0.6469, 0.4372, 0.8491, 0.8846),
    ("llama-3-8b", "proto"): (0.8870, 0.6443, 0.4346, 0.8481, 0.8835),
    ("llama-3-8b", "mix"): (0.8850, 0.6486, 0.4344, 0.8519, 0.8843),
    ("llama-3-8b", "protomix"): (0.8910, 0.6506, 0.4352, 0.8545, 0.8859),
}

CARD = PaperCard(
    title="Preserving Label Correlation for Multi-label Text Classification by Prototypical Regularizations",
    authors="Anonymous Author(s)",
    venue="anonymous submission",
    year=2024,
    summary="Pulls each document to the blend of its labels' embeddings; mixes documents and blends.",
    equations={
        "classification_loss": r"\mathcal{L}_C = -\sum_k Y_i^{[k]} \log \hat Y_i^{[k]}"
        r" + (1 - Y_i^{[k]}) \log(1 - \hat Y_i^{[k]})",
        "average_prototype": r"P_i = \frac{1}{|\mathcal{K}_i|} \sum_{k \in \mathcal{K}_i} W_{\cdot k}",
        "attentive_prototype": r"P_i = \sum_{k \in \mathcal{K}_i}"
        r" \frac{\exp g(S_i, W_{\cdot k})}{\sum_{k'} \exp g(S_i, W_{\cdot k'})} W_{\cdot k}",
        "prototype_distance": r"\mathcal{L}_M = \frac{1}{H} \sum_h (S_i^{[h]} - P_i^{[h]})^2",
        "mix": r"\tilde S = (1 - \lambda) S_i + \lambda S_j, \; \tilde P = (1 - \lambda) P_i + \lambda P_j",
        "loss": r"\mathcal{L} = \mathcal{L}_{C\_Mix} + \beta \mathcal{L}_{M\_Mix}",
    },
    reported={
        ("AAPD", encoder, variant, metric): value
        for (encoder, variant), row in _TABLE_6_AAPD.items()
        for metric, value in zip(_METRICS, row, strict=True)
    },
)
