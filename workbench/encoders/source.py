"""Where pre-trained encoders come from: the offline MiniLM, a local folder, or the hub; safetensors only."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

import torch
from tokenizers import Tokenizer
from transformers import AutoModel, AutoTokenizer, PreTrainedConfig, PreTrainedModel

from workbench.encoders.architecture import is_decoder, position_limit, quiet, read_config, without_pooler
from workbench.encoders.digest import file_digest, texts_digest
from workbench.encoders.hub import download
from workbench.encoders.minilm import minilm_folder
from workbench.errors import WorkbenchError

CAUSAL = "causal:"
"""Before a name: read the model as a causal LM, whatever its config says."""


@dataclass(frozen=True)
class Vocabulary:
    """A tokenizer, the token that pads, the one that stands for a text without any, and the longest input."""

    tokenizer: Tokenizer
    pad_id: int
    empty_id: int
    max_length: int


class Origin(Protocol):
    """Where a model and its vocabulary come from."""

    @property
    def name(self) -> str:
        """What `build_encoder` was asked for."""
        ...

    @property
    def suggested_learning_rate(self) -> float:
        """What to start from when nothing else is asked for."""
        ...

    def vocabulary(self) -> Vocabulary:
        """The tokenizer, without truncation or padding of its own."""
        ...

    def model(self) -> PreTrainedModel:
        """The model without a head."""
        ...


@dataclass(frozen=True)
class Source:
    """A pre-trained model's files in one folder; nothing is loaded before it is asked for."""

    name: str
    folder: Path
    suggested_learning_rate: ClassVar[float] = 2e-5

    @property
    def digest(self) -> str:
        """SHA-256 over the weight files, which names the weights wherever they lie."""
        files = sorted(self.folder.glob("*.safetensors"))
        if not files:
            pickled = [path.name for path in self.folder.glob("*.bin")]
            found = (
                f" It holds {', '.join(pickled)}, but pickles can run code and are not loaded."
                if pickled
                else ""
            )
            raise WorkbenchError(
                f"{self.folder} has no weights in safetensors.{found} Save the model with"
                " save_pretrained(folder), which writes model.safetensors."
            )
        return texts_digest(text for path in files for text in (path.name, file_digest(path)))

    def config(self) -> PreTrainedConfig:
        """The model's architecture."""
        return read_config(self.folder)

    def is_causal(self) -> bool:
        """Whether this is a decoder (LLaMA, GPT-2, ...), which reads from left to right only."""
        return self.name.startswith(CAUSAL) or is_decoder(self.config())

    def vocabulary(self) -> Vocabulary:
        """The tokenizer in its fast form, without truncation or padding of its own."""
        try:
            with quiet():
                wrapped = AutoTokenizer.from_pretrained(
                    str(self.folder), local_files_only=True, use_fast=True
                )
            tokenizer = wrapped.backend_tokenizer
        except (OSError, ValueError, AttributeError, ImportError) as error:
            raise WorkbenchError(f"{self.folder} has no fast tokenizer (tokenizer.json): {error}") from None
        tokenizer.no_padding()
        tokenizer.no_truncation()
        given = (wrapped.pad_token_id, wrapped.eos_token_id, wrapped.unk_token_id, 0)
        fallback = next(token for token in given if token is not None)
        empty = next(token for token in (*given[1:3], fallback) if token is not None)
        limit = min(position_limit(self.config()), int(min(wrapped.model_max_length, 2**31)))
        return Vocabulary(tokenizer, fallback, empty, limit)

    def model(self, dtype: torch.dtype = torch.float32) -> PreTrainedModel:
        """The model without a head, weights loaded, in eval mode.

        Raises:
            WorkbenchError: when weights are not safetensors, or some of the model's are missing from them.
        """
        _ = self.digest  # refuses folders without safetensors, with the reason
        try:
            with quiet():
                model, report = AutoModel.from_pretrained(
                    str(self.folder),
                    local_files_only=True,
                    use_safetensors=True,
                    attn_implementation="sdpa",
                    dtype=dtype,
                    output_loading_info=True,
                )
        except (OSError, ValueError, RuntimeError) as error:
            raise WorkbenchError(f"The model in {self.folder} cannot be loaded: {error}") from None
        missing = sorted(key for key in report["missing_keys"] if not key.startswith("pooler."))
        if missing:
            raise WorkbenchError(
                f"The weights in {self.folder} lack {len(missing)} tensors, {missing[0]} first: it is not"
                f" a {type(model).__name__}."
            )
        return without_pooler(model)


def find_source(name: str, *, weights: bool = True) -> Source:
    """The model that a name means: `minilm`, a folder with a config.json, or a name on the hub.

    Args:
        name: may start with `causal:`.
        weights: False fetches no more than what describes the model.

    Raises:
        WorkbenchError: when there is no such model, or no network to ask for it.
    """
    bare = name.removeprefix(CAUSAL)
    if bare == "minilm":
        return Source(name, minilm_folder())
    folder = Path(bare).expanduser()
    if (folder / "config.json").is_file():
        whole = folder.resolve()  # a run must find its base from wherever it is looked at
        return Source(f"{CAUSAL if name != bare else ''}{whole}", whole)
    if folder.is_dir() or folder.is_absolute() or bare.startswith((".", "~")):
        raise WorkbenchError(f"{folder} holds no model: config.json is missing.")
    return Source(name, download(bare, weights=weights))


def find_unchanged(name: str, digest: str) -> Source:
    """The source that a run was trained on.

    Raises:
        WorkbenchError: when its weights are no longer those that the run knew.
    """
    source = find_source(name)
    if source.digest != digest:
        raise WorkbenchError(
            f"The weights of {name!r} in {source.folder} are not those that this run was trained on (SHA-256"
            f" {source.digest[:12]}, expected {digest[:12]}). Put the original weights back, or train again."
        )
    return source
