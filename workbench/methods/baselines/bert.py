"""BERT: the state of [CLS] with a linear layer.

Paper: "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding" (NAACL 2019), made a
multi-label classifier with one sigmoid a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor, nn

from workbench.cards.bert import CARD
from workbench.encoders.base import Encoder
from workbench.methods.base import Batch, Forward, LabelSpace, Method, MethodConfig, Stage
from workbench.methods.classification import Classification
from workbench.methods.first_token import from_first_token, require_first_token
from workbench.methods.registry import register


class BertConfig(MethodConfig):
    """Hyper-parameters of the classifier; the rest are the encoder's and the training's."""

    variant: Literal["bert"] = Field("bert", description="there is one")


@register
class Bert(Method):
    """The state of the first token, [CLS], classified by a linear layer."""

    name = "bert"
    variants: ClassVar[dict[str, str]] = {"bert": "the state of [CLS] with a linear layer"}
    card = CARD
    Config = BertConfig
    default_encoder = "minilm"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_first_token(encoder, self.name)
        self.classifier = nn.Linear(encoder.hidden_size, len(labels))

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) from the state of [CLS], the document's vector here, however the encoder pools."""
        encoded = from_first_token(self.encoder, batch.inputs)
        labels = self.classifier.weight
        return Forward(
            self.classifier(encoded.document), labels=labels, encoded=encoded, classify=self.classifier
        )

    def label_embeddings(self) -> Tensor:
        """The classifiers' vectors (L, H)."""
        weight: Tensor = self.classifier.weight
        return weight

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy."""
        return [Stage("classification", [Classification()])]
