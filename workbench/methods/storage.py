"""A method on disk: safetensors and JSON, enough to load it without the corpus; no pickles."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from workbench.encoders import encoder_class, load_encoder
from workbench.errors import WorkbenchError
from workbench.files import replacing, write_json
from workbench.methods.base import LabelSpace, Method
from workbench.methods.registry import find_method

_WEIGHTS, _DESCRIPTION, _ENCODER = "model.safetensors", "method.json", "encoder"


def save_trained(method: Method, path: Path) -> None:
    """Write all weights but those that the encoder reloads from their source, atomically."""
    referenced = {f"encoder.{name}" for name in method.encoder.referenced_parameters()}
    tensors = {
        name: tensor.detach().cpu().contiguous().clone()
        for name, tensor in method.state_dict().items()
        if name not in referenced
    }
    with replacing(path) as temporary:
        save_file(tensors, temporary)


def load_trained(method: Method, path: Path) -> None:
    """Put the weights of `save_trained` into `method`.

    Raises:
        WorkbenchError: when the file is missing, damaged or belongs to another model.
    """
    try:
        tensors = load_file(path)
    except (OSError, SafetensorError) as error:
        raise WorkbenchError(f"Cannot read the weights in {path}: {error}. Train the run again.") from None
    referenced = {f"encoder.{name}" for name in method.encoder.referenced_parameters()}
    expected = set(method.state_dict()) - referenced
    if set(tensors) != expected:
        odd = sorted(set(tensors) ^ expected)
        raise WorkbenchError(
            f"{path} does not fit this model: {len(odd)} tensors differ, such as {odd[0]!r}."
        )
    try:
        method.load_state_dict(tensors, strict=False)
    except RuntimeError as error:
        raise WorkbenchError(f"{path} does not fit this model: {error}") from None


def trained_weights(method: Method) -> dict[str, torch.Tensor]:
    """What training moves, by name: parameters that take gradients and are not reloaded from their source."""
    referenced = {f"encoder.{name}" for name in method.encoder.referenced_parameters()}
    return {
        name: parameter.detach()
        for name, parameter in method.named_parameters()
        if parameter.requires_grad and name not in referenced
    }


def save_half(weights: Mapping[str, torch.Tensor], path: Path) -> None:
    """Write these tensors in float16, atomically; what is beyond its range becomes its largest number."""
    most = torch.finfo(torch.float16).max
    tensors = {
        name: tensor.detach().clamp(-most, most).half().cpu().contiguous() for name, tensor in weights.items()
    }
    with replacing(path) as temporary:
        save_file(tensors, temporary)


def save_method(method: Method, folder: Path) -> None:
    """Write weights, config, label space and what the encoder needs into `folder`."""
    labels = method.label_space
    method.encoder.save(folder / _ENCODER)
    save_trained(method, folder / _WEIGHTS)
    description = {
        "method": method.name,
        "config": method.config.model_dump(mode="json"),
        "labels": list(labels.labels),
        "label_texts": list(labels.texts),
        "train_counts": [int(count) for count in labels.train_counts],
        "n_train": labels.n_train,
        "descriptions": list(labels.descriptions),
        "n_generated": labels.n_generated,
    }
    write_json(folder / _DESCRIPTION, description)


def load_method(folder: str | Path, cache: Path | None = None) -> Method:
    """Load what `save_method` wrote, in evaluation mode, on the CPU.

    Raises:
        WorkbenchError: when a file is missing or damaged, naming it.
    """
    folder = Path(folder).expanduser()
    description = _read(folder / _DESCRIPTION)
    method_class, _ = find_method(description["method"])
    counts = np.asarray(description["train_counts"], dtype=np.int64)
    labels = LabelSpace(
        tuple(description["labels"]),
        tuple(description["label_texts"]),
        counts,
        description["n_train"],
        tuple(description.get("descriptions", ())),
        description.get("n_generated", 0),
    )
    encoder = load_encoder(folder / _ENCODER, cache=cache)
    with torch.random.fork_rng(devices=[]):
        method = method_class(encoder, labels, method_class.Config.parse(description["config"]))
    load_trained(method, folder / _WEIGHTS)
    return method.eval()


def import_encoder(folder: str | Path) -> None:
    """Import what `load_method` of this folder needs: seconds, where that is transformers.

    Raises:
        WorkbenchError: when the encoder's description is missing or damaged.
    """
    encoder_class(Path(folder) / _ENCODER)


def _read(path: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise WorkbenchError(f"{path} cannot be read: {reason}. Train the run again.") from None
    return content
