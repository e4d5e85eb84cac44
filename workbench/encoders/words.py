"""Word vectors alone: nothing reads their context or order."""

from __future__ import annotations

from typing import ClassVar

from tokenizers import Tokenizer
from torch import Tensor

from workbench.config import Config
from workbench.encoders.base import Encoded, Inputs
from workbench.encoders.pooling import masked_mean
from workbench.encoders.word_encoder import WordEncoder, WordSettings


class Words(WordEncoder):
    """Tokens are the words' embeddings (H = E); the document is their mean.

    Source: "Baseline Needs More Love: On Simple Word-Embedding-Based Models and Associated Pooling
    Mechanisms" (Shen et al., 2018), SWEM-aver.
    """

    kind = "words"
    Settings: ClassVar[type[Config]] = WordSettings

    def __init__(self, settings: WordSettings, tokenizer: Tokenizer) -> None:
        super().__init__(settings, tokenizer)
        self.hidden_size = settings.embedding_size

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Document (B, E), the mean of its words, and tokens (B, T, E), zero at padding."""
        words, mask = self.read(inputs, embeddings)
        return Encoded(lambda: self.dropout(masked_mean(words, mask)), lambda: self.dropout(words), mask)
