"""A pre-trained encoder left as it is: texts are encoded once, heads train on the stored states."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn

from workbench.config import Config
from workbench.data.selected import Selected
from workbench.encoders.base import Encoded, Encoder, Inputs
from workbench.encoders.description import write_description
from workbench.encoders.digest import texts_digest
from workbench.encoders.encoding import fill_states
from workbench.encoders.precision import weights_dtype
from workbench.encoders.pretrained import checked_length, default_pooling, read_texts
from workbench.encoders.source import Source, find_unchanged
from workbench.encoders.states import States, keep_states, open_states, states_in_memory
from workbench.encoders.tokens import token_spans
from workbench.errors import WorkbenchError

FORMAT = 1
"""Counted up when stored states would come out differently, so that older ones are not taken for them."""


class FrozenSettings(Config):
    """Hyper-parameters of a frozen encoder."""

    max_length: int = Field(
        256, ge=1, description="tokens of a document that are read, special ones included"
    )
    pooling: Literal["cls", "mean", "last"] | None = Field(
        None, description="document state; unset: mean for minilm, the last token for a causal LM, else cls"
    )
    states: Literal["document", "tokens"] = Field(
        "document", description="what is kept: one state per document, or those of its tokens too"
    )
    projection: Literal["none", "linear", "mlp"] = Field(
        "mlp", description="behind the stored states; mlp: linear, GELU, dropout; none suits few documents"
    )
    dropout: float = Field(0.1, ge=0, lt=1, description="dropout behind the projection")
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="in which states are computed; auto: bfloat16 where the machine computes in it"
    )


class FrozenEncoder(Encoder):
    """Stored states through a small trainable projection; the base model is no part of the module.

    `progress(done, total)` is called after each batch of documents that the base encodes.
    """

    kind = "frozen"
    Settings: ClassVar[type[Config]] = FrozenSettings
    prefers_bfloat16 = False
    suggested_learning_rate = 3e-3
    settings: FrozenSettings

    def __init__(self, source: Source, settings: FrozenSettings, cache: Path | None = None) -> None:
        super().__init__()
        self.name = source.name
        self.source = source
        self.settings = settings
        self.cache = cache
        self.weights_digest = source.digest
        self.is_causal = source.is_causal()
        self.vocabulary = source.vocabulary()
        self.tokenizer_digest = texts_digest(
            [self.vocabulary.tokenizer.to_str()]
        )  # before truncation is set on it
        checked_length(source.name, settings.max_length, self.vocabulary)
        self.hidden_size = int(source.config().get_text_config().hidden_size)
        self.pooling = settings.pooling or ("last" if self.is_causal else default_pooling(source.name))
        self.gives_tokens = settings.states == "tokens"
        self.projection = _projection(settings, self.hidden_size)

    @classmethod
    def build(cls, source: Source, settings: dict[str, Any], cache: Path | None = None) -> Self:
        """Describe the frozen encoder; its weights are loaded when texts must be encoded, not before."""
        parsed = cls.Settings.parse(settings)
        assert isinstance(parsed, FrozenSettings)
        return cls(source, parsed, cache)

    def prepare(self, texts: Sequence[str]) -> States:
        """The states of these texts: from the cache where they were encoded before, else encoded now.

        A part of longer texts, such as a share of the training split, is taken from the states of the whole.
        """
        folder = self._folder(texts)
        if folder and (kept := open_states(folder)):
            return kept
        if isinstance(texts, Selected):
            whole = self._folder(texts.whole)
            if whole and (kept := open_states(whole)):
                return kept.take(texts.rows)
        table = read_texts(self.vocabulary, texts, self.settings.max_length)
        with_tokens = self.gives_tokens

        dtype = weights_dtype(self.settings.dtype)

        def fill(states: States) -> None:
            fill_states(states, self.source, table, self.pooling, dtype, self.progress)

        if folder:
            return keep_states(folder, table.offsets, self.hidden_size, tokens=with_tokens, fill=fill)
        states = states_in_memory(table.offsets, self.hidden_size, tokens=with_tokens)
        fill(states)
        return states

    def token_spans(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Where the tokens of each text stand in it, (T, 2)."""
        return token_spans(self.vocabulary.tokenizer, texts, max_length=self.settings.max_length)

    def embed(self, inputs: Inputs) -> Tensor:
        """Not possible: words are behind a frozen encoder."""
        raise WorkbenchError(
            f"{self.name} is frozen and has no word embeddings to mix. Mix document vectors, or train it."
        )

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Document (B, H) and, with states=tokens, tokens (B, T, H), zero at padding."""
        if embeddings is not None:
            self.embed(inputs)
        document = self.projection(inputs["document"])
        if "tokens" not in inputs:
            return Encoded(document)
        mask = inputs["attention_mask"].bool()
        tokens = self.projection(inputs["tokens"]).masked_fill(~mask.unsqueeze(-1), 0.0)
        return Encoded(document, tokens, mask)

    def save(self, folder: Path) -> None:
        """Write `encoder.json`, which names the source and the digest of its weights."""
        write_description(folder, self, weights_digest=self.weights_digest)

    @classmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Self:
        """Rebuild around the same source, refused when its weights have changed."""
        return cls.build(
            find_unchanged(description["name"], description["weights_digest"]), description["settings"]
        )

    def _folder(self, texts: Sequence[str]) -> Path | None:
        return self.cache / "frozen" / self._key(texts) if self.cache else None

    def _key(self, texts: Sequence[str]) -> str:
        parts = {
            "format": FORMAT,
            "weights": self.weights_digest,
            "tokenizer": self.tokenizer_digest,
            "texts": texts_digest(texts),
            "pooling": self.pooling,
            "dtype": str(weights_dtype(self.settings.dtype)),  # what auto means differs between machines
        }
        parts |= self.settings.model_dump(mode="json", include={"max_length", "states"})
        return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _projection(settings: FrozenSettings, size: int) -> nn.Module:
    if settings.projection == "none":
        return nn.Identity()
    layers: list[nn.Module] = [nn.Linear(size, size)]
    if settings.projection == "mlp":
        layers.append(nn.GELU())
    return nn.Sequential(*layers, nn.Dropout(settings.dropout))
