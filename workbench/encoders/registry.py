"""From a name to an encoder, and back from a folder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.config import Config
from workbench.encoders.base import Encoder
from workbench.encoders.description import read_description
from workbench.errors import WorkbenchError, nearest

_CLASSES = {
    "cnn": ("workbench.encoders.cnn", "CNN"),
    "bilstm": ("workbench.encoders.bilstm", "BiLSTM"),
}
FROM_SCRATCH = ("cnn", "bilstm")


def encoder_names() -> tuple[str, ...]:
    """The names that need no network; any transformers encoder or causal LM may be named besides."""
    return (*FROM_SCRATCH, "minilm")


def settings_class(name: str, *, frozen: bool = False) -> type[Config]:
    """The settings that `build_encoder` takes for this name."""
    return _class(name).Settings


def build_encoder(
    name: str,
    *,
    settings: dict[str, Any],
    train_texts: Sequence[str],
    frozen: bool = False,
    cache: Path | None = None,
) -> Encoder:
    """Build an encoder for training."""
    return _class(name).build(settings, train_texts)


def load_encoder(folder: Path, *, cache: Path | None = None) -> Encoder:
    """Rebuild what `save` wrote into `folder`; trained weights are the method's to restore."""
    description = read_description(folder)
    return _class(description["kind"]).load(folder, description)


def _class(kind: str) -> Any:
    if kind not in _CLASSES:
        raise WorkbenchError(f"Unknown encoder {kind!r}.{nearest(kind, encoder_names())}")
    module, name = _CLASSES[kind]
    return getattr(import_module(module), name)
