"""CL-MIL's paper card: its equations."""

from __future__ import annotations

from workbench.cards.base import PaperCard

CARD = PaperCard(
    method="cl-mil",
    title="Towards Better Representations for Multi-Label Text Classification with Multi-granularity "
    "Information",
    authors="Fangfang Li, Puzhen Su, Junwen Duan, Weidong Xiao",
    venue="Findings of EMNLP",
    year=2023,
    summary="Rare labels' documents are pushed apart first; then single words and the whole text are related "
    "to labels, and labels to each other.",
    equations={
        "contrastive_loss": r"L_{CL} = -\log \frac{e^{\tau \, \mathrm{sim}(t_i, t_i^+)}}"
        r"{e^{\tau \, \mathrm{sim}(t_i, t_i^+)} + \sum_{j=1}^N e^{\tau \, \mathrm{sim}(t_i, s_j)}}",
        "correlation": r"\mathcal{C} = \tilde{\mathcal{H}}_{Word} \cdot \tilde{\mathcal{H}}_{Label}^T",
        "fine_grained": r"\mathcal{H}_{FIL} = \mathrm{GlobalMaxPooling}(S \times \tilde{\mathcal{H}}_{Word})",
        "gated_convolution": r"\mathcal{H}_{(1)} = \mathcal{H}_{(0)} \otimes (1 - \sigma)"
        r" + \mathrm{Conv1D}_1(\mathcal{H}_{(0)}) \otimes \sigma, \;"
        r" \sigma = \mathrm{sigmoid}(\mathrm{Conv1D}_2(\mathcal{H}_{(0)}))",
        "coarse_grained": r"\mathcal{H}_{CIL} = \mathrm{GlobalMaxPooling}(\mathrm{Conv1D}("
        r"[\mathrm{MultiHeadAttention}(\mathcal{H}_{(15)}), \mathcal{H}_{(15)}]))",
        "classification": r"\mathcal{L}_{BCE} = -\sum_i \sum_j \left[ y_{ij} \log \hat{y}_{ij}"
        r" + (1 - y_{ij}) \log (1 - \hat{y}_{ij}) \right]",
        "label_relations": r"\mathcal{M}_{i,j} = \mathrm{Count}(y_i, y_j), \;"
        r" \overline{\mathcal{M}}_i = \frac{1}{l - 1} \sum_{j \neq i} \mathcal{M}_{i,j}",
        "relation_features": r"\mathcal{H}_{relations} = (\mathcal{H}_A, \mathcal{H}_B,"
        r" |\mathcal{H}_A - \mathcal{H}_B|)",
        "relation_loss": r"\mathcal{L}_{CCE} = -\sum_{k=1}^c y_k \log \hat{y}_k",
        "loss": r"\mathcal{L}_{MIL} = \alpha \mathcal{L}_{CIL} + \beta \mathcal{L}_{FIL}"
        r" + \lambda \mathcal{L}_{CLRL}",
    },
    numbers={
        "contrastive_loss": "1",
        "correlation": "4",
        "fine_grained": "5",
        "gated_convolution": "6",
        "coarse_grained": "7",
        "classification": "8",
        "label_relations": "9-10",
        "relation_features": "11",
        "relation_loss": "12",
        "loss": "13",
    },
    mechanisms=(
        "pre-trained encoder",
        "convolution",
        "label texts",
        "joint sequence",
        "label correlation",
        "contrast",
    ),
)
