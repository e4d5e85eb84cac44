"""A small BERT of random weights, for seeing on a CPU in minutes what attention between tokens does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, PreTrainedModel

from workbench.encoders.architecture import build_model
from workbench.encoders.source import Vocabulary
from workbench.encoders.vocabulary import PAD_ID, UNKNOWN_ID, fit_word_tokenizer

NAME = "small-bert"
_POSITIONS = 512
_SIZES: dict[str, Any] = {
    "hidden_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "intermediate_size": 256,
    "max_position_embeddings": _POSITIONS,
}


@dataclass(frozen=True)
class SmallBertSource:
    """Where a small BERT comes from: its words from the training texts, its weights from chance."""

    train_texts: Sequence[str]
    name: str = NAME
    suggested_learning_rate: float = 2e-3

    def vocabulary(self) -> Vocabulary:
        """The words that stand twice in the training texts, with `[CLS]` and `[SEP]` around each text."""
        copied = Tokenizer.from_str(self._fitted.to_str())  # who asks for it may add labels
        return Vocabulary(copied, PAD_ID, UNKNOWN_ID, _POSITIONS)

    @cached_property
    def _fitted(self) -> Tokenizer:
        tokenizer = fit_word_tokenizer(self.train_texts)
        tokenizer.add_special_tokens(["[CLS]", "[SEP]"])
        framing = [(token, tokenizer.token_to_id(token)) for token in ("[CLS]", "[SEP]")]
        tokenizer.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=framing)
        return tokenizer

    def model(self) -> PreTrainedModel:
        """Two layers of 64 numbers and four heads, without a head for any task."""
        words = self._fitted.get_vocab_size()
        return build_model(BertConfig(vocab_size=words, pad_token_id=PAD_ID, **_SIZES))
