"""TextCNN: convolutions over words, their maxima over time, a linear layer.

Paper: "Convolutional Neural Networks for Sentence Classification" (EMNLP 2014), made a multi-label classifier
with one sigmoid a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

from pydantic import Field
from torch import Tensor, nn

from workbench.cards.text_cnn import CARD
from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Forward, LabelSpace, Method, MethodConfig, Stage
from workbench.methods.classification import Classification
from workbench.methods.registry import register


class TextCNNConfig(MethodConfig):
    """Hyper-parameters of the classifier; filters, widths and dropout are the encoder's."""

    variant: Literal["text-cnn"] = Field("text-cnn", description="there is one")


@register
class TextCNN(Method):
    """The convolutional encoder with a linear layer."""

    name = "text-cnn"
    variants: ClassVar[dict[str, str]] = {"text-cnn": "convolutions over words with a linear layer"}
    card = CARD
    Config = TextCNNConfig

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        if encoder.kind != "cnn":
            raise WorkbenchError(
                f"text-cnn convolves words, and the encoder {encoder.name!r} does not. Say --encoder cnn, or "
                "take the method base, which takes any encoder."
            )
        self.classifier = nn.Linear(encoder.hidden_size, len(labels))

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) from the maxima over time."""
        encoded = self.encoder(batch.inputs)
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
