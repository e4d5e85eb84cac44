"""Where a text enters a model as numbers that a gradient can be taken of, and how the model goes on.

Word embeddings, for encoders with a table of them, frozen ones too: the real encoder is run, not its stored
states. For bags of words the weight of each term.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor, nn

from workbench.encoders.base import Encoder, Inputs
from workbench.encoders.encoding import base_model
from workbench.encoders.frozen import FrozenEncoder
from workbench.encoders.precision import weights_dtype
from workbench.encoders.pretrained import POOLS, hidden_states, read_texts
from workbench.encoders.tfidf import TfidfEncoder
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Forward, Method


@dataclass(frozen=True)
class Entrance:
    """B texts as numbers, and the rest of the model.

    Attributes:
        values: (B, T, E) word embeddings, or (B, T) weights of terms; zero or without effect at padding.
        run: what the method makes of such values.
        what: what the numbers are, in words.
    """

    values: Tensor
    run: Callable[[Tensor], Forward]
    what: str


def entrance(method: Method, text: str, device: torch.device | str = "cpu") -> Entrance:
    """Where one text enters `method`, which is on `device` and in evaluation mode."""
    encoder = method.encoder
    if isinstance(encoder, FrozenEncoder):
        return _behind_frozen(method, encoder, text, device)
    inputs = {name: part.to(device) for name, part in encoder.prepare([text]).batch([0]).items()}
    if isinstance(encoder, TfidfEncoder):
        return term_entrance(method, inputs)
    return word_entrance(method, inputs)


def word_entrance(method: Method, inputs: Inputs) -> Entrance:
    """From the word embeddings of prepared texts, which take the place of the encoder's own."""
    batch = _batch(method, inputs)

    def run(embeddings: Tensor) -> Forward:
        with _Given(method.encoder, inputs, embeddings):
            return _answer(method, batch)

    with torch.no_grad():
        embeddings = method.encoder.embed(inputs)
    return Entrance(embeddings.detach(), run, f"word embeddings of {method.encoder.name}")


def term_entrance(method: Method, inputs: Inputs) -> Entrance:
    """From the TF-IDF weights of the terms of prepared texts."""
    batch = _batch(method, inputs)

    def run(weights: Tensor) -> Forward:
        return _answer(method, replace(batch, inputs={**inputs, "weights": weights}))

    return Entrance(inputs["weights"].detach(), run, "TF-IDF weights of terms")


class _Given:
    """Inside, the encoder takes these embeddings for these very inputs, others it embeds."""

    def __init__(self, encoder: Encoder, inputs: Inputs, embeddings: Tensor) -> None:
        self._encoder, self._inputs, self._embeddings = encoder, inputs, embeddings

    def __enter__(self) -> None:
        self._handle = self._encoder.register_forward_pre_hook(self._give, with_kwargs=True)

    def __exit__(self, *_: object) -> None:
        self._handle.remove()

    def _give(self, _module: nn.Module, args: Any, kwargs: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        is_meant = bool(args) and args[0] is self._inputs
        return args, {**kwargs, "embeddings": self._embeddings} if is_meant else kwargs


def _behind_frozen(method: Method, encoder: FrozenEncoder, text: str, device: torch.device | str) -> Entrance:
    """From the word embeddings of the frozen model, through all of it, to the states that a run keeps."""
    is_causal, pool = encoder.is_causal, POOLS[encoder.pooling]
    dtype = weights_dtype(encoder.settings.dtype) if is_causal else torch.float32
    model = base_model(encoder.source, dtype, torch.device(device))
    table = read_texts(encoder.vocabulary, [text], encoder.settings.max_length)
    inputs = {name: part.to(device) for name, part in table.batch([0]).items()}
    mask = inputs["attention_mask"].bool()

    def run(embeddings: Tensor) -> Forward:
        tokens = hidden_states(model, inputs, embeddings, is_causal=is_causal).float()
        states = {"document": pool(tokens, mask)}
        if encoder.gives_tokens:
            states |= {"tokens": tokens, "attention_mask": inputs["attention_mask"]}
        return _answer(method, _batch(method, states))

    with torch.no_grad():
        embeddings = model.get_input_embeddings()(inputs["input_ids"])
    return Entrance(embeddings.detach(), run, f"word embeddings of {encoder.name}, which is frozen")


def _batch(method: Method, inputs: Inputs) -> Batch:
    some = next(iter(inputs.values()))
    targets = torch.zeros(len(some), len(method.label_space), dtype=torch.uint8, device=some.device)
    return Batch(inputs, targets, torch.arange(len(some), device=some.device))


def _answer(method: Method, batch: Batch) -> Forward:
    try:
        found: Forward = method(batch)
    except RuntimeError as error:
        raise WorkbenchError(f"No gradient can be taken through {method.name}: {error}") from None
    return found
