"""LACO: documents and labels in one sequence, and two tasks about which labels occur together.

Paper: "Enhancing Label Correlation Feedback in Multi-Label Text Classification via Multi-Task Learning"
(Findings of ACL 2021). A transformer reads each document with all labels behind it; words are weighed by what
they have to do with labels; pairs of labels (PLCP) and labels beside given ones (CLCP) are told apart, too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.laco import CARD
from workbench.encoders.base import Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Method,
    MethodConfig,
    Objective,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.cross_attention import cross_attention_scores, weighted_document
from workbench.methods.laco_equations import (
    conditional_loss,
    pair_loss,
    sample_given,
    sample_pairs,
)
from workbench.methods.laco_objectives import (
    ConditionalCooccurrence,
    GivenSettings,
    PairCooccurrence,
    PairSettings,
)
from workbench.methods.registry import register

if TYPE_CHECKING:
    from workbench.encoders.joint import JointEncoder

__all__ = [
    "LACO",
    "LACOConfig",
    "conditional_loss",
    "cross_attention_scores",
    "pair_loss",
    "sample_given",
    "sample_pairs",
    "weighted_document",
]


class LACOConfig(MethodConfig):
    """Hyper-parameters of LACO."""

    variant: Literal[
        "laco", "laco+plcp", "laco+clcp", "laco+both", "laco-no-je", "laco-no-ca", "laco-no-je-ca"
    ] = Field("laco", description="which tasks beside classification, or which part is left out")
    alpha: float = Field(
        0.5,
        gt=0,
        lt=1,
        description="alpha of Eq. 7: PLCP weighs alpha, CLCP 1 - alpha",
    )
    task_weights: Literal["paper", "code"] = Field(
        "paper", description="weights of PLCP and CLCP: alpha and 1 - alpha of Eq. 7, or 1 and 5"
    )
    negatives_per_positive: int = Field(
        2,
        ge=1,
        description="pairs of PLCP with only one of a document's labels; 2: the paper's gamma of 0.5",
    )
    given: int = Field(1, ge=1, description="s, the labels of a document that CLCP gives")
    window: int = Field(10, ge=1, description="tokens that the convolution over Eq. 1 sees at once (Eq. 2)")
    scores: Literal["default", "code", "paper"] = Field(
        "default", description="Eq. 1 on vectors of unit length, or on vectors as they are (paper)"
    )


@register
class LACO(Method):
    """LACO on a BERT-like encoder; without joint embedding on any that gives tokens."""

    name = "laco"
    variants: ClassVar[dict[str, str]] = {
        "laco": "document and labels in one sequence, words weighed by labels (Eq. 1-4)",
        "laco+plcp": "the same, and which pairs of labels occur together (Eq. 5)",
        "laco+clcp": "the same, and which labels come with given ones (Eq. 6)",
        "laco+both": "the same with both tasks (Eq. 7)",
        "laco-no-je": "without joint embedding: labels are vectors of their own (Table 4)",
        "laco-no-ca": "without cross attention: the document's own vector is classified (Table 4)",
        "laco-no-je-ca": "without either: an encoder with a linear layer (Table 4)",
    }
    card = CARD
    Config = LACOConfig
    default_encoder = "minilm"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        variant, size = self.config.variant, encoder.hidden_size
        self.window: nn.Conv1d | None = None
        self.label_vectors: nn.Parameter | None = None
        if not variant.endswith("-ca"):
            require_tokens(encoder, variant)
            self.window = nn.Conv1d(len(labels), len(labels), self.config.window)
            if variant == "laco-no-je":
                self.label_vectors = nn.Parameter(torch.empty(len(labels), size))
                nn.init.xavier_uniform_(self.label_vectors)
        self.classifier = nn.Linear(size, len(labels))  # W_1 and b_1 of Eq. 3
        if variant in ("laco+plcp", "laco+both"):
            self.pair_head = nn.Linear(2 * size, 1)
        if variant in ("laco+clcp", "laco+both"):
            self.conditional_head = nn.Linear(2 * size, 1)

    @classmethod
    def reads_labels(cls, variant: str) -> bool:
        """All variants with joint embedding do."""
        return "-je" not in variant

    def forward(self, batch: Batch) -> Forward:
        """Encode, weigh the words by what they have to do with labels, classify (Eq. 1-3)."""
        encoded = self.encoder(batch.inputs)
        labels = encoded.labels if self.label_vectors is None else self.label_vectors
        if self.window is None:
            return Forward(self.classifier(encoded.document), labels=labels, encoded=encoded)
        tokens, mask = cast(Tensor, encoded.tokens), self.encoder.words(batch.inputs)
        scores = cross_attention_scores(tokens, cast(Tensor, labels), mask, self.config.scores)
        weights = self._weights(scores).masked_fill(~mask, 0.0)
        logits = self.classifier(weighted_document(weights, tokens, mask))
        return Forward(logits, labels=labels, encoded=encoded, correlation=scores, token_weights=weights)

    @property
    def compares_tokens(self) -> bool:
        """All variants with cross attention do."""
        return self.window is not None

    def label_embeddings(self) -> Tensor:
        """What stands for a label in the input (L, H); without such, the classifiers' vectors."""
        if self.label_vectors is not None:
            return self.label_vectors
        if self.reads_labels(self.config.variant):
            return cast("JointEncoder", self.encoder).label_embeddings()
        weight: Tensor = self.classifier.weight
        return weight

    def stages(self) -> Sequence[Stage]:
        """One stage: classification, with the variant's tasks about labels that occur together (Eq. 7)."""
        config = self.config
        plcp, clcp = (1.0, 5.0) if config.task_weights == "code" else (config.alpha, 1 - config.alpha)
        objectives: list[Objective] = [Classification()]
        if hasattr(self, "pair_head"):
            pairs = PairSettings(weight=plcp, negatives_per_positive=config.negatives_per_positive)
            objectives.append(PairCooccurrence(pairs, self.pair_head))
        if hasattr(self, "conditional_head"):
            given = GivenSettings(weight=clcp, given=config.given)
            objectives.append(ConditionalCooccurrence(given, self.conditional_head))
        return [Stage("classification", objectives)]

    def _weights(self, scores: Tensor) -> Tensor:
        """Omega of Eq. 2 from M (B, T, L): convolution, ReLU, largest of the labels, tanh -> (B, T)."""
        window = cast(nn.Conv1d, self.window)
        before = (self.config.window - 1) // 2
        framed = functional.pad(scores.transpose(1, 2), (before, self.config.window - 1 - before))
        return torch.tanh(window(framed).relu().amax(dim=1))
