"""LEAM: words and labels in one space; words that are like some label make the document.

Paper: "Joint Embedding of Words and Labels for Text Classification" (ACL 2018). For documents with several
labels the authors' own script lets each label weigh the phrases for itself: that is `leam`, with one sigmoid
a label. The architecture that the paper prints, one document vector for all labels, is `leam-document`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import Field, ValidationInfo, field_validator
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.leam import CARD
from workbench.encoders.base import Encoded, Encoder
from workbench.errors import WorkbenchError
from workbench.memory import free_main_memory
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Objective,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.cross_attention import cross_attention_scores, weighted_document
from workbench.methods.label_attention import LabelAttention, masked_softmax
from workbench.methods.label_names import name_vectors
from workbench.methods.registry import register, register_objective
from workbench.methods.vectors import at_least_float32

MOST_CONVOLVED = 500
"""Labels up to which all are convolved with all, as the authors' code does."""

_COPIES = 4  # of a weight in training: itself, its gradient, and Adam's two


class LEAMConfig(MethodConfig):
    """Hyper-parameters of LEAM; all but the radius are those of leam-document."""

    variant: Literal["leam", "leam-document"] = Field(
        "leam", description="a document vector for each label, or one for all"
    )
    radius: int = Field(5, ge=0, description="r: a phrase is a word with r words on both sides")
    phrase: Literal["paper", "code"] = Field(
        "paper", description="W_1: 2r + 1 weights that all labels share (paper), or L x L x (2r + 1) (code)"
    )
    units: int = Field(300, ge=0, description="hidden units of the classifier; 0: it is linear")
    dropout: float = Field(0.5, ge=0, lt=1, description="dropout in the classifier")
    regularisation: float = Field(1.0, ge=0, description="weight of classifying each label's own vector")

    @field_validator("phrase", "units", "dropout", "regularisation")
    @classmethod
    def _is_read(cls, value: Any, info: ValidationInfo) -> Any:
        default = cls.model_fields[str(info.field_name)].default
        if info.data.get("variant") == "leam" and value != default:
            raise ValueError("the variant leam does not read it, leam-document does")
        return value


@register_objective
class LabelRegularisation(Objective):
    """Each label's vector, classified like a document, is told to have that label alone."""

    name = "label_regularisation"
    requires = ("labels", "classify")

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """Binary cross entropy, the mean over labels and those that they are told from."""
        assert forward.classify is not None
        return regularisation_loss(forward.classify(cast(Tensor, forward.labels)))


@register
class LEAM(Method):
    """LEAM on any encoder that gives tokens; the paper's has words without context."""

    name = "leam"
    variants: ClassVar[dict[str, str]] = {
        "leam": "each label weighs the phrases for itself, as the authors' multi-label script does",
        "leam-document": "words weighed by the label that they are most like make one vector, as printed",
    }
    card = CARD
    Config = LEAMConfig
    default_encoder = "words"

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.config.variant)
        size, n_labels, width = encoder.hidden_size, len(labels), 2 * self.config.radius + 1
        self.attention: LabelAttention | None = None
        if self.config.variant == "leam":
            self.window = nn.Conv1d(size, size, width, padding=self.config.radius)
            self.attention = LabelAttention(n_labels, size)
            self.classifier: nn.Module = nn.Linear(size, n_labels)
            return
        if self.config.phrase == "code":
            _require_room(n_labels, width)
        shared = 1 if self.config.phrase == "paper" else n_labels
        self.phrase_weight = nn.Parameter(torch.full((shared, shared, width), 1 / (shared * width)))
        self.phrase_bias = nn.Parameter(torch.zeros(n_labels))
        self.label_vectors = nn.Parameter(torch.empty(n_labels, size))
        nn.init.xavier_uniform_(self.label_vectors)
        self.classifier = _classifier(size, self.config.units, n_labels, self.config.dropout)

    def forward(self, batch: Batch) -> Forward:
        """Compare words with labels, make the document of words by phrases, classify it."""
        encoded = self.encoder(batch.inputs)
        tokens, words = cast(Tensor, encoded.tokens), self.encoder.words(batch.inputs)
        if self.attention is not None:
            return self._per_label(encoded, tokens, words)
        labels = self.label_vectors
        scores = cross_attention_scores(tokens, labels, words)
        weights = phrase_weights(scores, words, self.phrase_weight, self.phrase_bias).to(tokens.dtype)
        document = weighted_document(weights, tokens, words)
        return Forward(
            self.classifier(document),
            labels=labels,
            encoded=Encoded(document, tokens, encoded.mask),
            classify=self.classifier,
            correlation=scores,
            token_weights=weights,
        )

    def _per_label(self, encoded: Encoded, tokens: Tensor, words: Tensor) -> Forward:
        attention = cast(LabelAttention, self.attention)
        real = words.unsqueeze(-1)
        phrases = self.window(tokens.masked_fill(~real, 0.0).transpose(1, 2)).transpose(1, 2)
        phrases = phrases.relu().masked_fill(~real, 0.0)
        features = attention(phrases, words)  # (B, L, H)
        classifier = cast(nn.Linear, self.classifier)
        logits = torch.einsum("blh,lh->bl", features, classifier.weight) + classifier.bias
        return Forward(
            logits,
            labels=attention.embeddings,
            encoded=encoded,
            label_features=features,
            attend=lambda: attention.attention(phrases, words),
        )

    @property
    def attends_by_label(self) -> bool:
        """Variant leam does."""
        return self.attention is not None

    @property
    def compares_tokens(self) -> bool:
        """Variant leam-document does."""
        return self.attention is None

    def label_embeddings(self) -> Tensor:
        """The labels' vectors (L, H) among the words'."""
        return self.label_vectors if self.attention is None else self.attention.embeddings

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy of documents and, with one vector a document, of labels."""
        objectives: list[Objective] = [Classification()]
        if self.attention is None:
            settings = LabelRegularisation.Settings(weight=self.config.regularisation)
            objectives.append(LabelRegularisation(settings))
        return [Stage("classification", objectives)]

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """Before the first epoch labels become the mean of their names' words, where any is known."""
        if epoch > 0:
            return
        labels = self.label_embeddings()
        vectors, known = name_vectors(self.encoder, self.label_space.texts, labels.device)
        labels.copy_(torch.where(known.unsqueeze(1), vectors, labels))


def phrase_weights(scores: Tensor, mask: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    """How much of a document comes from each word: the softmax of its phrase's best label.

    A phrase is a word with r words on both sides; beyond the text everything counts as zero. All labels share
    a `weight` (1, 1, 2r + 1); one of (L, L, 2r + 1) lets them look at each other's scores.
    Shapes: scores (B, T, L), mask (B, T), bias (L,) -> (B, T) in float32 or better, zero outside the mask.
    """
    rows, length, n_labels = scores.shape
    framed = scores.masked_fill(~mask.unsqueeze(-1), 0.0).transpose(1, 2)  # (B, L, T)
    around = weight.shape[-1] // 2
    if len(weight) == 1:
        alone = framed.reshape(rows * n_labels, 1, length)
        seen = functional.conv1d(alone, weight, padding=around).view(rows, n_labels, length)
    else:
        seen = functional.conv1d(framed, weight, padding=around)
    best = at_least_float32((seen + bias.unsqueeze(-1)).relu().amax(dim=1))
    return masked_softmax(best, mask)


def regularisation_loss(logits: Tensor) -> Tensor:
    """How well each label's own vector is told to be that label: logits (L, L), a row a vector -> scalar.

    Binary cross entropy as of documents, so that it is the mean over all pairs of labels.
    """
    exact = at_least_float32(logits)
    own = torch.eye(len(exact), dtype=exact.dtype, device=exact.device)
    return functional.binary_cross_entropy_with_logits(exact, own)


def _classifier(size: int, units: int, n_labels: int, dropout: float) -> nn.Module:
    if not units:
        return nn.Sequential(nn.Dropout(dropout), nn.Linear(size, n_labels))
    return nn.Sequential(nn.Linear(size, units), nn.ReLU(), nn.Dropout(dropout), nn.Linear(units, n_labels))


def _require_room(n_labels: int, width: int) -> None:
    """Raise WorkbenchError where a convolution from all labels to all labels is too large, or has no room."""
    needed, free = 4 * _COPIES * n_labels**2 * width, free_main_memory()
    if n_labels > MOST_CONVOLVED or needed > free:
        raise WorkbenchError(
            f"phrase=code convolves all {n_labels:,} labels with all, which needs {needed / 1e9:.2f} GB for "
            f"training, and {free / 1e9:.2f} GB are free; it takes up to {MOST_CONVOLVED} labels. Take the "
            "paper's reading: --set phrase=paper"
        )
