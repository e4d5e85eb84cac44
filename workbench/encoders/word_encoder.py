"""What encoders trained from scratch share: a fitted word tokenizer and a table of word embeddings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from tokenizers import Tokenizer
from torch import Tensor, nn

from workbench.config import Config
from workbench.encoders.base import Encoder, Inputs
from workbench.encoders.description import read_tokenizer, write_description, write_tokenizer
from workbench.encoders.tokens import TokenTable, encodable, token_spans, tokenize
from workbench.encoders.vectors import fill_embedding
from workbench.encoders.vocabulary import PAD_ID, UNKNOWN_ID, fit_word_tokenizer, words_in_order

SCALED = "standard deviation that the file's numbers are scaled to; unset: as they are"


class WordSettings(Config):
    """Hyper-parameters of the words' tokenizer and embeddings."""

    max_length: int = Field(500, ge=1, description="words of a document that are read; the rest is cut off")
    min_count: int = Field(2, ge=1, description="words rarer than this in the training texts are unknown")
    max_words: int = Field(500_000, ge=1, description="largest vocabulary")
    embedding_size: int = Field(300, ge=1, description="dimensions of a word's embedding")
    vectors: str | None = Field(
        None, description="word vectors in GloVe's or word2vec's text format, .gz or plain"
    )
    vectors_std: float | None = Field(0.13, gt=0, description=SCALED)
    """Word2vec's. On counted vectors of the built-in corpus, best validation nDCG@5 with 0.13 and with 1, one
    seed: TextCNN 0.823 and 0.790, XML-CNN 0.804 and 0.726, LEAM 0.752 and 0.507."""
    train_vectors: bool = Field(True, description="whether word embeddings are trained further")
    embedding_dropout: float = Field(0.2, ge=0, lt=1, description="dropout on word embeddings")
    dropout: float = Field(0.2, ge=0, lt=1, description="dropout on document vectors and token states")


class WordEncoder(Encoder):
    """An encoder over word embeddings; subclasses bring what reads them."""

    settings: WordSettings
    vector_coverage: float | None = None
    """Share of the vocabulary that the file of word vectors has, where one was given."""

    def __init__(self, settings: WordSettings, tokenizer: Tokenizer) -> None:
        super().__init__()
        self.name = self.kind
        self.settings = settings
        self.tokenizer = tokenizer
        self.embedding = nn.Embedding(tokenizer.get_vocab_size(), settings.embedding_size, padding_idx=PAD_ID)
        nn.init.normal_(self.embedding.weight, std=0.1)
        self.embedding.weight.data[PAD_ID] = 0.0
        self.embedding.weight.requires_grad_(settings.train_vectors)
        self.embedding_dropout = nn.Dropout(settings.embedding_dropout)
        self.dropout = nn.Dropout(settings.dropout)

    @classmethod
    def build(cls, settings: dict[str, Any], train_texts: Sequence[str]) -> Self:
        """Fit the tokenizer on `train_texts` and read the word vectors that the settings name."""
        parsed = cls.Settings.parse(settings)
        assert isinstance(parsed, WordSettings)
        tokenizer = fit_word_tokenizer(train_texts, min_count=parsed.min_count, max_words=parsed.max_words)
        encoder = cls(parsed, tokenizer)
        if parsed.vectors:
            path = Path(parsed.vectors).expanduser()
            words = words_in_order(tokenizer)
            encoder.vector_coverage = fill_embedding(encoder.embedding, words, path, parsed.vectors_std)
        return encoder

    def prepare(self, texts: Sequence[str]) -> TokenTable:
        """Look up the words of each text."""
        length = self.settings.max_length
        return tokenize(self.tokenizer, texts, max_length=length, pad_id=PAD_ID, empty_id=UNKNOWN_ID)

    def token_spans(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Where the words of each text stand in it, (T, 2)."""
        return token_spans(self.tokenizer, texts, max_length=self.settings.max_length)

    def knows_any_word(self, text: str) -> bool:
        """Whether any word of a text is in the vocabulary."""
        self.tokenizer.no_truncation()
        return any(token != UNKNOWN_ID for token in self.tokenizer.encode(encodable(text)).ids)

    def embed(self, inputs: Inputs) -> Tensor:
        """Word embeddings (B, T, E)."""
        return self.embedding(inputs["input_ids"])

    def read(self, inputs: Inputs, embeddings: Tensor | None) -> tuple[Tensor, Tensor]:
        """Embeddings (B, T, E) after dropout, zero at padding, and the mask (B, T) of real tokens."""
        mask = inputs["attention_mask"].bool()
        words = self.embedding_dropout(self.embed(inputs) if embeddings is None else embeddings)
        return words.masked_fill(~mask.unsqueeze(-1), 0.0), mask

    def save(self, folder: Path) -> None:
        """Write `encoder.json` and `tokenizer.json`."""
        write_tokenizer(folder, self.tokenizer)
        write_description(folder, self, vector_coverage=self.vector_coverage)

    @classmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Self:
        """Rebuild; the file of word vectors is not needed, for the run's own weights hold them."""
        settings = cls.Settings.parse(description["settings"])
        assert isinstance(settings, WordSettings)
        encoder = cls(settings, read_tokenizer(folder))
        encoder.vector_coverage = description.get("vector_coverage")
        return encoder
