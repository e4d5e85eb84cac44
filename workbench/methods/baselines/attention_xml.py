"""AttentionXML: each label reads the document for itself, and one small network scores what it read.

Paper: "AttentionXML: Label Tree-based Attention-Aware Deep Model for High-Performance Extreme Multi-Label
Text Classification" (NeurIPS 2019). This is the flat model, as the paper has it for corpora of thousands of
labels; the trees that it cuts larger sets into are left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

from pydantic import Field
from torch import Tensor, nn

from workbench.cards.attention_xml import CARD
from workbench.encoders.base import Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.label_attention import LabelAttention
from workbench.methods.registry import register


class AttentionXMLConfig(MethodConfig):
    """Hyper-parameters of the network that labels share.

    The authors average the weights of late steps, which training does with `swa_start`.
    """

    variant: Literal["attention-xml"] = Field("attention-xml", description="there is one")
    hidden: int = Field(256, ge=1, description="units of the network that all labels share")


@register
class AttentionXML(Method):
    """Label-wise attention on any encoder that gives tokens; the paper's is a BiLSTM.

    The network's first layer is put on the T tokens instead of the L averages, which gives the same.
    """

    name = "attention-xml"
    variants: ClassVar[dict[str, str]] = {
        "attention-xml": "each label attends to the words for itself; one network scores them all"
    }
    card = CARD
    Config = AttentionXMLConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {"units": 256, "layers": 1, "dropout": 0.5}

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        self.attention = LabelAttention(len(labels), encoder.hidden_size, self.config.hidden)
        self.classifier = nn.Linear(self.config.hidden, 1)

    def forward(self, batch: Batch) -> Forward:
        """Attend label by label, score each label by what it read."""
        encoded = self.encoder(batch.inputs)
        tokens, words = cast(Tensor, encoded.tokens), self.encoder.words(batch.inputs)
        features = self.attention(tokens, words)  # (B, L, hidden)
        return Forward(
            self.classifier(features).squeeze(-1),
            labels=self.attention.embeddings,
            encoded=encoded,
            label_features=features,
            attend=lambda: self.attention.attention(tokens, words),
        )

    @property
    def attends_by_label(self) -> bool:
        """It does."""
        return True

    def label_embeddings(self) -> Tensor:
        """What labels attend with, (L, H)."""
        return self.attention.embeddings

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy."""
        return [Stage("classification", [Classification()])]
