"""XML-CNN: convolutions over words, their maxima in several stretches of the document, a narrow layer.

Paper: "Deep Learning for Extreme Multi-label Text Classification" (SIGIR 2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, cast

from pydantic import Field
from torch import Tensor, nn

from workbench.cards.xml_cnn import CARD
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
from workbench.methods.chunked_maxima import chunked_maxima
from workbench.methods.classification import Classification
from workbench.methods.registry import register


class XMLCNNConfig(MethodConfig):
    """Hyper-parameters behind the convolutions; filters and widths are the encoder's.

    The authors have 32 filters of each width, 32 chunks and 512 hidden units; with 256 filters, the encoder's
    default, 2 chunks are what others found best.
    """

    variant: Literal["xml-cnn"] = Field("xml-cnn", description="there is one")
    chunks: int = Field(2, ge=1, description="p: chunks of a document that have a maximum each")
    hidden: int = Field(512, ge=1, description="units of the narrow layer")
    hidden_dropout: float = Field(0.5, ge=0, lt=1, description="dropout behind the narrow layer")


@register
class XMLCNN(Method):
    """The maxima in chunks of any encoder's token states; the paper's are a CNN's feature maps.

    A document is cut by its own length, and convolutions run over time: padding and the other documents of a
    batch change nothing.
    """

    name = "xml-cnn"
    variants: ClassVar[dict[str, str]] = {
        "xml-cnn": "convolutions over words, maxima in chunks of the document, a narrow layer"
    }
    card = CARD
    Config = XMLCNNConfig
    default_encoder = "cnn"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        hidden = self.config.hidden
        self.bottleneck = nn.Linear(self.config.chunks * encoder.hidden_size, hidden)
        self.dropout = nn.Dropout(self.config.hidden_dropout)
        self.classifier = nn.Linear(hidden, len(labels))

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) from the maxima in chunks."""
        encoded = self.encoder(batch.inputs)
        tokens, words = cast(Tensor, encoded.tokens), self.encoder.words(batch.inputs)
        maxima = chunked_maxima(tokens, words, self.config.chunks).flatten(1)  # (B, p H)
        hidden = self.dropout(self.bottleneck(maxima).relu())
        return Forward(self.classifier(hidden), encoded=encoded)

    def label_embeddings(self) -> Tensor:
        """The classifiers' vectors (L, hidden)."""
        weight: Tensor = self.classifier.weight
        return weight

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy."""
        return [Stage("classification", [Classification()])]
