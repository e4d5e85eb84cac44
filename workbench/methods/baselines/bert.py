"""BERT: the state of [CLS] with a linear layer.

Paper: "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding" (NAACL 2019), made a
multi-label classifier with one sigmoid a label.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, cast

from pydantic import Field
from torch import Tensor, nn

from workbench.encoders.base import Encoded, Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Forward, LabelSpace, Method, MethodConfig, PaperCard, Stage
from workbench.methods.classification import Classification
from workbench.methods.registry import register

CARD = PaperCard(
    title="BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
    authors="Jacob Devlin, Ming-Wei Chang, Kenton Lee, Kristina Toutanova",
    venue="NAACL",
    year=2019,
    summary="A pre-trained transformer whose first token stands for the document.",
    equations={
        "classification": r"p = \mathrm{sigmoid}(W C + b), \;"
        r" \mathcal{L} = -\sum_l [q_l \ln p_l + (1 - q_l) \ln (1 - p_l)]",
    },
)


class BertConfig(MethodConfig):
    """Hyper-parameters of the classifier; the rest are the encoder's and the training's."""

    variant: Literal["bert"] = Field("bert", description="there is one")


@register
class Bert(Method):
    """The state of the first token, [CLS], classified by a linear layer."""

    name = "bert"
    variants: ClassVar[dict[str, str]] = {"bert": "the state of [CLS] with a linear layer"}
    card: ClassVar[PaperCard] = CARD
    Config = BertConfig
    default_encoder = "minilm"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        _require_cls(encoder)
        self.classifier = nn.Linear(encoder.hidden_size, len(labels))

    def forward(self, batch: Batch) -> Forward:
        """Logits (B, L) from the state of [CLS], the document's vector here, however the encoder pools."""
        encoded = self.encoder(batch.inputs)
        if self.encoder.kind == "transformer":
            tokens = cast(Tensor, encoded.tokens)
            encoded = Encoded(tokens[:, 0], tokens, encoded.mask)
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


def _require_cls(encoder: Encoder) -> None:
    """Raise WorkbenchError for an encoder without a token that stands for the document, or not pooled so."""
    if encoder.kind not in ("transformer", "frozen") or not _begins_specially(encoder):
        raise WorkbenchError(
            f"bert classifies the state of [CLS], and the encoder {encoder.name!r} has no such token. Take a "
            "BERT-like one (--encoder minilm), or the method base, which takes any."
        )
    asked = getattr(encoder.settings, "pooling", None)
    pooling = asked if encoder.kind == "transformer" else getattr(encoder, "pooling", asked)
    if pooling not in (None, "cls"):
        raise WorkbenchError(
            f"bert classifies the state of [CLS], and the encoder {encoder.name!r} pools by {pooling!r}: say "
            "--set pooling=cls, or take the method base, which takes any pooling."
        )


def _begins_specially(encoder: Encoder) -> bool:
    """Whether the first token of a text stands for none of its characters."""
    start, end = encoder.token_spans(["word"])[0][0]
    return bool(start == end)
