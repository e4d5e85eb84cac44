"""Architectures of transformers models: read from config.json, built quietly, without parts nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch
from transformers import AutoConfig, AutoModel, PreTrainedConfig, PreTrainedModel
from transformers.models.auto.modeling_auto import (
    MODEL_FOR_CAUSAL_LM_MAPPING_NAMES,
    MODEL_FOR_MASKED_LM_MAPPING_NAMES,
)
from transformers.utils import logging as transformers_logging

from workbench.errors import WorkbenchError


def read_config(folder: Path) -> PreTrainedConfig:
    """The architecture in a folder's config.json; code that a model brings along is never run."""
    try:
        config = AutoConfig.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
    except (OSError, ValueError, KeyError) as error:
        raise WorkbenchError(
            f"{folder / 'config.json'} describes no model that transformers knows: {error}"
        ) from None
    if config.is_encoder_decoder:
        raise WorkbenchError(
            f"{folder} holds an encoder-decoder ({config.model_type}). Name an encoder such as"
            " bert-base-uncased, or a causal LM."
        )
    return config


def build_model(config: PreTrainedConfig) -> PreTrainedModel:
    """The architecture with fresh weights, for a run's own to be loaded into."""
    with quiet():
        return without_pooler(AutoModel.from_config(config, attn_implementation="sdpa", dtype=torch.float32))


def without_pooler(model: PreTrainedModel) -> PreTrainedModel:
    """The model without the layer over its first token, which nothing here reads or trains."""
    if getattr(model, "pooler", None) is not None:
        setattr(model, "pooler", None)  # noqa: B010  (the library's annotation does not allow for its own None)
    return model


def position_limit(config: PreTrainedConfig) -> int:
    """Tokens that the model's positions suffice for; RoBERTa's kin number them from the padding token on."""
    positions = getattr(config.get_text_config(), "max_position_embeddings", None) or 2**31
    from_padding = any(name in config.model_type for name in ("roberta", "camembert", "longformer", "mpnet"))
    return positions - (config.pad_token_id or 0) - 1 if from_padding else positions


@contextmanager
def quiet() -> Iterator[None]:
    """No progress bars and no reports of transformers within; errors still raise."""
    verbosity, bars = transformers_logging.get_verbosity(), transformers_logging.is_progress_bar_enabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(verbosity)
        if bars:
            transformers_logging.enable_progress_bar()


def is_decoder(config: PreTrainedConfig) -> bool:
    """Whether the architecture reads from left to right only, as LLaMA and GPT-2 do."""
    if any(name.endswith(("ForCausalLM", "LMHeadModel")) for name in config.architectures or []):
        return True
    kind = config.model_type
    return kind in MODEL_FOR_CAUSAL_LM_MAPPING_NAMES and kind not in MODEL_FOR_MASKED_LM_MAPPING_NAMES
