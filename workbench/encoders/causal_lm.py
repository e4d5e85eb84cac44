"""Causal language models (LLaMA and its kin), adapted with LoRA; the last real token is the document."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, Literal, Self

import torch
from peft import LoraConfig, inject_adapter_in_model
from pydantic import Field
from torch import Tensor
from transformers import PreTrainedModel

from workbench.config import Config
from workbench.encoders import pooling
from workbench.encoders.base import Encoded, Inputs
from workbench.encoders.description import write_description
from workbench.encoders.precision import weights_dtype
from workbench.encoders.pretrained import PretrainedEncoder, checked_length, checkpoint_layers, hidden_states
from workbench.encoders.source import Source, Vocabulary, find_unchanged
from workbench.errors import WorkbenchError


class CausalLMSettings(Config):
    """Hyper-parameters of a causal language model under LoRA."""

    max_length: int = Field(256, ge=1, description="tokens of a document that are read")
    rank: int = Field(16, ge=1, description="rank of the adapters' matrices")
    alpha: int = Field(32, ge=1, description="adapters are scaled by alpha / rank")
    dropout: float = Field(0.05, ge=0, lt=1, description="dropout on what the adapters read")
    targets: Literal["attention", "all-linear"] | tuple[str, ...] = Field(
        "attention", description="layers with adapters: queries and values, every linear layer, or named ones"
    )
    dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="of the frozen weights; auto: bfloat16 where the machine computes in it"
    )
    gradient_checkpointing: bool = Field(
        False, description="whether to save memory by computing states twice"
    )


class CausalLM(PretrainedEncoder):
    """Hidden states of a decoder without its LM head; only the adapters are trained.

    Source: "LoRA: Low-Rank Adaptation of Large Language Models" (Hu et al., 2022), Eq. 3.
    """

    kind = "causal_lm"
    Settings: ClassVar[type[Config]] = CausalLMSettings
    suggested_learning_rate = 1e-4
    settings: CausalLMSettings

    def __init__(
        self,
        name: str,
        settings: CausalLMSettings,
        model: PreTrainedModel,
        vocabulary: Vocabulary,
        digest: str,
    ) -> None:
        super().__init__(name, with_adapters(model, settings), vocabulary, settings.max_length)
        self.settings = settings
        self.weights_digest = digest
        if settings.gradient_checkpointing:
            checkpoint_layers(model)

    @classmethod
    def build(cls, source: Source, settings: dict[str, Any]) -> Self:
        """Load a pre-trained model and put fresh adapters on it."""
        parsed = cls.Settings.parse(settings)
        assert isinstance(parsed, CausalLMSettings)
        vocabulary = source.vocabulary()
        checked_length(source.name, parsed.max_length, vocabulary)
        model = source.model(weights_dtype(parsed.dtype)).train()
        return cls(source.name, parsed, model, vocabulary, source.digest)

    def forward(self, inputs: Inputs, embeddings: Tensor | None = None) -> Encoded:
        """Document (B, H): the state of the last token that is not padding; tokens (B, T, H); float32."""
        mask = inputs["attention_mask"].bool()
        states = hidden_states(self.model, inputs, embeddings, is_causal=True).float()
        return Encoded(pooling.last(states, mask), states.masked_fill(~mask.unsqueeze(-1), 0.0), mask)

    def referenced_parameters(self) -> frozenset[str]:
        """Everything but the adapters."""
        return frozenset(name for name in self.state_dict() if ".lora_" not in name)

    def save(self, folder: Path) -> None:
        """Write `encoder.json`, which names the source and the digest of its weights."""
        write_description(folder, self, weights_digest=self.weights_digest)

    @classmethod
    def load(cls, folder: Path, description: dict[str, Any]) -> Self:
        """Load the source again, refused when its weights have changed; adapters are the run's to restore."""
        source = find_unchanged(description["name"], description["weights_digest"])
        return cls.build(source, description["settings"])


def with_adapters(model: PreTrainedModel, settings: CausalLMSettings) -> PreTrainedModel:
    """The model with LoRA adapters in float32, everything else frozen."""
    named = {"attention": None, "all-linear": "all-linear"}
    targets = named[settings.targets] if isinstance(settings.targets, str) else list(settings.targets)
    config = LoraConfig(
        r=settings.rank, lora_alpha=settings.alpha, lora_dropout=settings.dropout, target_modules=targets
    )
    try:
        inject_adapter_in_model(config, model)
    except ValueError as error:
        leaves = {
            name.rsplit(".", 1)[-1]
            for name, part in model.named_modules()
            if isinstance(part, torch.nn.Linear)
        }
        raise WorkbenchError(
            f"No adapters fit {model.config.model_type} with targets={settings.targets!r}."
            f" Set targets=all-linear or some of its linear layers: {', '.join(sorted(leaves))}. ({error})"
        ) from None
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()
    return model
