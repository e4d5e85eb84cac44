"""Pre-trained transformer encoders, fine-tuned: BERT, RoBERTa, MiniLM and their kin."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal, Self

from pydantic import Field
from torch import Tensor
from transformers import PreTrainedModel

from workbench.config import Config
from workbench.encoders.architecture import build_model, read_config
from workbench.encoders.base import Encoded, Inputs
from workbench.encoders.description import write_description, write_tokenizer
from workbench.encoders.pretrained import (
    POOLS,
    PretrainedEncoder,
    checked_length,
    checkpoint_layers,
    default_pooling,
    hidden_states,
    saved_vocabulary,
    vocabulary_facts,
)
from workbench.encoders.source import Origin, Vocabulary
from workbench.files import write_text


class TransformerSettings(Config):
    """Hyper-parameters of a pre-trained encoder."""

    max_length: int = Field(
        256, ge=4, description="tokens of a document that are read, special ones included"
    )
    pooling: Literal["cls", "mean"] | None = Field(
        None,
        description="document vector: first token's state or mean of all; unset: mean for minilm, else cls",
    )
    gradient_checkpointing: bool = Field(
        False, description="whether to save memory by computing states twice"
    )


class TransformerEncoder(PretrainedEncoder):
    """Token states of a transformers encoder, all of it trained; the document is pooled from them."""

    kind = "transformer"
    Settings: ClassVar[type[Config]] = TransformerSettings
    settings: TransformerSettings

    def __init__(
        self, name: str, settings: TransformerSettings, model: PreTrainedModel, vocabulary: Vocabulary
    ) -> None:
        super().__init__(name, model, vocabulary, settings.max_length)
        self.settings = settings
        self.pool = POOLS[settings.pooling or default_pooling(name)]
        if settings.gradient_checkpointing:
            checkpoint_layers(model)

    @classmethod
    def build(cls, source: Origin, settings: dict[str, Any]) -> Self:
        """Load a model for training, in float32."""
        parsed = cls.Settings.parse(settings)
        assert isinstance(parsed, TransformerSettings)
        vocabulary = source.vocabulary()
        checked_length(source.name, parsed.max_length, vocabulary)
        encoder = cls(source.name, parsed, source.model().train(), vocabulary)
        encoder.suggested_learning_rate = source.suggested_learning_rate
        return encoder

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Document (B, H) and tokens (B, T, H), zero at padding."""
        mask = inputs["attention_mask"].bool()
        states = hidden_states(self.model, inputs, embeddings)
        return Encoded(self.pool(states, mask), states.masked_fill(~mask.unsqueeze(-1), 0.0), mask)

    def save(self, folder: Path) -> None:
        """Write `encoder.json`, `tokenizer.json`, `config.json`: loading needs neither network nor source."""
        write_tokenizer(folder, self.vocabulary.tokenizer)
        write_text(folder / "config.json", self.model.config.to_json_string(use_diff=False))
        write_description(folder, self, **self.facts())

    def facts(self) -> dict[str, Any]:
        """What `load` needs besides the settings."""
        return vocabulary_facts(self.vocabulary)

    @classmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Self:
        """Rebuild from the saved architecture, with fresh weights for the run's own to replace."""
        settings = cls.Settings.parse(description["settings"])
        assert isinstance(settings, TransformerSettings)
        vocabulary = saved_vocabulary(folder, description)
        return cls(description["name"], settings, build_model(read_config(folder)), vocabulary)
