"""LSAN: a document read by each label twice, by attention it has learned and by the words of its name.

Paper: "Label-Specific Document Representation for Multi-Label Text Classification" (EMNLP 2019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.lsan import CARD
from workbench.encoders.base import Encoder
from workbench.methods.base import (
    Batch,
    Forward,
    LabelSpace,
    Material,
    Method,
    MethodConfig,
    Stage,
    require_tokens,
)
from workbench.methods.classification import Classification
from workbench.methods.label_attention import attention_weights
from workbench.methods.label_names import name_embeddings, name_vectors
from workbench.methods.label_parts import in_label_parts, require_label_room
from workbench.methods.registry import register
from workbench.methods.vectors import at_least_float32


class LSANConfig(MethodConfig):
    """Hyper-parameters of the two attentions and the classifier.

    The paper's encoder has one layer of 300 units a direction on word2vec's vectors of 300 numbers.
    """

    variant: Literal["lsan"] = Field("lsan", description="there is one")
    head: Literal["per_label", "mean_then_linear"] = Field(
        "per_label",
        description="each label is scored by what it read (paper), or all by the mean of it (code)",
    )
    attention: int = Field(200, ge=1, description="d_a: units of the self-attention")
    hidden: int = Field(300, ge=1, description="units of the network that scores each label")


@register
class LSAN(Method):
    """LSAN on any encoder that gives tokens; the paper's is a BiLSTM, whose directions are read apart.

    Labels begin as the mean of the word vectors of their names, where any is known, and learn on. A linear
    layer brings them to the size of a direction where that is another than the word vectors'.
    """

    name = "lsan"
    variants: ClassVar[dict[str, str]] = {
        "lsan": "each label reads by attention and by its own words, and weighs the two"
    }
    card = CARD
    Config = LSANConfig
    default_encoder = "bilstm"
    encoder_settings: ClassVar[Mapping[str, Any]] = {
        "units": 300,
        "layers": 1,
        "embedding_dropout": 0.3,
        "vectors_std": 0.13,  # word2vec's: nothing normalises the label attention, which grows with them
    }

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        require_tokens(encoder, self.name)
        size, n_labels = encoder.hidden_size, len(labels)
        self._directions = 2 if encoder.kind == "bilstm" else 1
        words, states = _word_size(encoder), size // self._directions
        own = size + 1 if self.config.head == "mean_then_linear" else 0
        require_label_room(self.name, n_labels, words + self.config.attention + own)
        self.keys = nn.Linear(size, self.config.attention, bias=False)  # W_1
        self.queries = nn.Parameter(torch.empty(n_labels, self.config.attention))  # W_2
        self.label_vectors = nn.Parameter(torch.empty(n_labels, words))
        nn.init.xavier_uniform_(self.queries)
        nn.init.xavier_uniform_(self.label_vectors)
        self.to_states = nn.Identity() if words == states else nn.Linear(words, states, bias=False)
        self.label_share = nn.Linear(size, 1, bias=False)
        self.self_share = nn.Linear(size, 1, bias=False)
        self.classifier = self._classifier(size, n_labels)

    def _classifier(self, size: int, n_labels: int) -> nn.Module:
        if self.config.head == "mean_then_linear":
            return nn.Linear(size, n_labels)
        hidden = self.config.hidden
        return nn.Sequential(nn.Linear(size, hidden), nn.ReLU(), nn.Linear(hidden, 1))

    def forward(self, batch: Batch) -> Forward:
        """Read the document for each label in both ways, join them, score."""
        encoded = self.encoder(batch.inputs)
        tokens, words = cast(Tensor, encoded.tokens), self.encoder.words(batch.inputs)
        keys, products = self.keys(tokens).tanh(), state_products(tokens, words, self._directions)
        takes_mean = self.config.head == "mean_then_linear"

        def of_labels(queries: Tensor, labels: Tensor) -> Tensor:
            by_attention = attention_weights(keys, words, queries) @ tokens
            shares = self.label_share.weight[0], self.self_share.weight[0]
            features = fused(by_label_words(labels, products), by_attention, *shares)
            if takes_mean:
                return features.sum(dim=1, keepdim=True)
            return cast(Tensor, self.classifier(features)).squeeze(-1)

        numbers = len(tokens) * (tokens.shape[1] + 4 * tokens.shape[2])
        scores = in_label_parts(of_labels, [self.queries, self.label_embeddings()], numbers)
        return Forward(
            self.classifier(scores.sum(dim=1) / len(self.label_space)) if takes_mean else scores,
            encoded=encoded,
            attend=lambda: attention_weights(keys, words, self.queries),
        )

    @property
    def attends_by_label(self) -> bool:
        """Its self-attention does."""
        return True

    def label_embeddings(self) -> Tensor:
        """C, the labels' vectors among the states of a direction, (L, h)."""
        vectors: Tensor = self.to_states(self.label_vectors)
        return vectors

    def stages(self) -> Sequence[Stage]:
        """One stage: binary cross entropy."""
        return [Stage("classification", [Classification()])]

    def begin_epoch(self, stage: Stage, epoch: int, material: Material) -> None:
        """Before the first epoch labels become the mean of their names' words, where any is known."""
        if epoch > 0:
            return
        read = name_vectors if self.encoder.kind == "frozen" else name_embeddings
        own = self.label_vectors
        vectors, known = read(self.encoder, self.label_space.texts, own.device)
        own.copy_(torch.where(known.unsqueeze(1), vectors, own))


def state_products(tokens: Tensor, mask: Tensor, directions: int = 1) -> list[Tensor]:
    """H H^T of each direction, summed over real words: tokens (B, T, d h), mask (B, T) -> d times (B, h, h).

    Nothing normalises the label attention, so that (C H) H^T is C (H H^T): labels and words need not meet.
    """
    real = tokens.masked_fill(~mask.bool().unsqueeze(-1), 0.0)
    return [part.transpose(1, 2) @ part for part in real.chunk(directions, dim=2)]


def by_label_words(labels: Tensor, products: Sequence[Tensor]) -> Tensor:
    """M^(l): labels (L, h) and what `state_products` gives -> (B, L, d h)."""
    return torch.cat([labels @ product for product in products], dim=2)


def fused(by_words: Tensor, by_attention: Tensor, word_weight: Tensor, attention_weight: Tensor) -> Tensor:
    """What is read in both ways, joined: alpha M^(l) + beta M^(s), sigmoids divided by their sum.

    alpha / (alpha + beta) is the sigmoid of ln alpha - ln beta, which is a number where both are zero.
    Shapes: both features (B, L, d h), weights (d h,) -> (B, L, d h).
    """
    logs = [
        functional.logsigmoid(at_least_float32(features @ weight))
        for features, weight in ((by_words, word_weight), (by_attention, attention_weight))
    ]
    share = (logs[0] - logs[1]).sigmoid().to(by_words.dtype).unsqueeze(-1)
    return share * by_words + (1 - share) * by_attention


def _word_size(encoder: Encoder) -> int:
    """The size of the vectors that names are read in: states where an encoder keeps no word vectors."""
    if encoder.kind == "frozen":
        return encoder.hidden_size
    return int(encoder.embed(encoder.prepare(["word"]).batch([0])).shape[-1])
