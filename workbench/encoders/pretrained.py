"""What encoders around a transformers model share: its vocabulary, token embeddings and hidden states."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor
from transformers import PreTrainedModel

from workbench.encoders import pooling
from workbench.encoders.base import Encoder, Inputs
from workbench.encoders.description import read_tokenizer
from workbench.encoders.source import Vocabulary
from workbench.encoders.tokens import TokenTable, token_spans, tokenize
from workbench.errors import WorkbenchError

POOLS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "cls": pooling.first,
    "mean": pooling.masked_mean,
    "last": pooling.last,
}


class PretrainedEncoder(Encoder):
    """An encoder around a transformers model and its own tokenizer."""

    suggested_learning_rate = 2e-5

    def __init__(self, name: str, model: PreTrainedModel, vocabulary: Vocabulary, max_length: int) -> None:
        super().__init__()
        self.name = name
        self.model = model
        self.vocabulary = vocabulary
        self.max_length = checked_length(name, max_length, vocabulary)
        self.hidden_size = model.config.get_text_config().hidden_size

    def prepare(self, texts: Sequence[str]) -> TokenTable:
        """Tokenise with the model's own tokenizer, special tokens included."""
        return read_texts(self.vocabulary, texts, self.max_length)

    def token_spans(self, texts: Sequence[str]) -> list[NDArray[np.int64]]:
        """Where the tokens of each text stand in it, (T, 2)."""
        return token_spans(self.vocabulary.tokenizer, texts, max_length=self.max_length)

    def embed(self, inputs: Inputs) -> Tensor:
        """Token embeddings (B, T, E), before positions are added."""
        return self.model.get_input_embeddings()(inputs["input_ids"])


def hidden_states(
    model: PreTrainedModel, inputs: Inputs, embeddings: Tensor | None = None, *, is_causal: bool = False
) -> Tensor:
    """Last hidden states (B, T, H); a causal LM's positions count real tokens, wherever padding stands."""
    mask = inputs["attention_mask"]
    accepted = inspect.signature(model.forward).parameters
    options: dict[str, Any] = {"use_cache": False} if "use_cache" in accepted else {}
    if is_causal and "position_ids" in accepted:
        options["position_ids"] = (mask.long().cumsum(dim=1) - 1).clamp(min=0)
    if "token_type_ids" in inputs:
        options["token_type_ids"] = inputs["token_type_ids"]
    if embeddings is None:
        options["input_ids"] = inputs["input_ids"]
    else:
        options["inputs_embeds"] = embeddings
    return model(attention_mask=mask, **options).last_hidden_state


def checkpoint_layers(model: PreTrainedModel) -> None:
    """Keep no states inside layers and compute them again on the way back: less memory, more time."""
    renamed = getattr(model, "activation_checkpointing_enable", None)  # what later versions call it
    (renamed or model.gradient_checkpointing_enable)({"use_reentrant": False})


def read_texts(vocabulary: Vocabulary, texts: Sequence[str], max_length: int) -> TokenTable:
    """Tokenise with a pre-trained model's vocabulary."""
    return tokenize(
        vocabulary.tokenizer,
        texts,
        max_length=max_length,
        pad_id=vocabulary.pad_id,
        empty_id=vocabulary.empty_id,
    )


def default_pooling(name: str) -> str:
    """How the named model's document vectors are meant: sentence encoders average, others use `[CLS]`."""
    return "mean" if "minilm" in Path(name).name.lower() else "cls"


def checked_length(name: str, max_length: int, vocabulary: Vocabulary) -> int:
    """`max_length`, or an error when the model has fewer positions."""
    if max_length > vocabulary.max_length:
        raise WorkbenchError(
            f"max_length={max_length}, but {name} reads at most {vocabulary.max_length} tokens."
            f" Set max_length={vocabulary.max_length} or less."
        )
    return max_length


def saved_vocabulary(folder: Path, description: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary of a saved encoder: its tokenizer, and what `vocabulary_facts` wrote beside it."""
    facts = (description[key] for key in ("pad_id", "empty_id", "limit"))
    return Vocabulary(read_tokenizer(folder), *facts)


def vocabulary_facts(vocabulary: Vocabulary) -> dict[str, int]:
    """What beside the tokenizer rebuilds a vocabulary."""
    return {"pad_id": vocabulary.pad_id, "empty_id": vocabulary.empty_id, "limit": vocabulary.max_length}
