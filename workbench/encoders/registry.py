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

_WORDS = ("cnn", "bilstm", "words", "tfidf")
_SMALL_BERT = "small-bert"
FROM_SCRATCH = (*_WORDS, _SMALL_BERT)
_CLASSES = {
    "cnn": ("workbench.encoders.cnn", "CNN"),
    "bilstm": ("workbench.encoders.bilstm", "BiLSTM"),
    "words": ("workbench.encoders.words", "Words"),
    "tfidf": ("workbench.encoders.tfidf", "TfidfEncoder"),
    "transformer": ("workbench.encoders.transformer", "TransformerEncoder"),
    "causal_lm": ("workbench.encoders.causal_lm", "CausalLM"),
    "frozen": ("workbench.encoders.frozen", "FrozenEncoder"),
    "joint": ("workbench.encoders.joint", "JointEncoder"),
}
"""Kind of encoder -> module and class, imported when asked for: transformers takes seconds to import."""


def encoder_names() -> tuple[str, ...]:
    """The names that need no network; any transformers encoder or causal LM may be named besides."""
    return (*FROM_SCRATCH, "minilm")


def settings_class(name: str, *, frozen: bool = False, joint: bool = False) -> type[Config]:
    """The settings that `build_encoder` takes for this name; `joint` where it is given labels.

    Raises:
        WorkbenchError: for a name that is not known, or cannot be looked up without a network.
    """
    return settings_class_of(encoder_kind(name, frozen, joint))


def kinds_of_encoders() -> tuple[str, ...]:
    """Every kind that there is."""
    return tuple(_CLASSES)


def settings_class_of(kind: str) -> type[Config]:
    """The settings of a kind of encoder."""
    settings: type[Config] = _class(kind).Settings
    return settings


def build_encoder(
    name: str,
    *,
    settings: dict[str, Any],
    train_texts: Sequence[str],
    frozen: bool = False,
    cache: Path | None = None,
    label_texts: Sequence[str] | None = None,
) -> Encoder:
    """Build an encoder for training.

    Args:
        name: one of `encoder_names()`, a folder that holds a transformers model, or a name on the hub;
            `causal:NAME` reads a model as a causal LM whatever its config says.
        settings: values for `settings_class` of the same name and kind.
        train_texts: what `cnn`, `bilstm`, `words`, `tfidf` and `small-bert` learn their words from.
        frozen: whether a pre-trained encoder stays as it is: texts are encoded once.
        cache: folder for a frozen encoder's states; None keeps them in memory.
        label_texts: what labels are called, where they are read behind each document, in one sequence.

    Raises:
        WorkbenchError: for unknown names and settings, missing weights, or no network.
    """
    kind = encoder_kind(name, frozen, label_texts is not None)
    if kind in _WORDS:
        return _class(kind).build(settings, train_texts)
    source = _origin(name, train_texts)
    if kind == "joint":
        return _class(kind).build_joint(source, settings, label_texts)
    return _class(kind).build(source, settings, cache) if frozen else _class(kind).build(source, settings)


def encoder_class(folder: Path) -> type[Encoder]:
    """The class that rebuilds what `save` wrote into `folder`; imported for it.

    Raises:
        WorkbenchError: for a damaged folder.
    """
    found: type[Encoder] = _class(read_description(folder)["kind"])
    return found


def load_encoder(folder: Path, *, cache: Path | None = None) -> Encoder:
    """Rebuild what `save` wrote into `folder`; trained weights are the method's to restore.

    Raises:
        WorkbenchError: for a damaged folder, or a source whose weights are gone or have changed.
    """
    description = read_description(folder)
    encoder = _class(description["kind"]).load(folder, description)
    if cache is not None and description["kind"] == "frozen":
        encoder.cache = cache
    return encoder


def encoder_kind(name: str, frozen: bool, joint: bool) -> str:
    """Which kind of encoder a name stands for; `joint` where it reads labels behind each document.

    Raises:
        WorkbenchError: where it cannot be frozen or joint; for a name that is not known.
    """
    kind = _plain_kind(name, frozen)
    if joint and kind != "transformer":
        reasons = {
            "frozen": "a frozen one never learns the labels' tokens",
            "causal_lm": "a causal LM looks back only, and labels stand behind",
        }
        raise WorkbenchError(
            "Documents and labels in one sequence take a BERT-like encoder that is trained: "
            f"{reasons.get(kind, f'{name} has no attention between tokens')}. Take one (--encoder minilm, "
            "or small-bert for a quick look), not frozen, or a variant without joint embedding."
        )
    return "joint" if joint else kind


def _plain_kind(name: str, frozen: bool) -> str:
    if name in FROM_SCRATCH:
        if frozen:
            raise WorkbenchError(
                f"{name} starts from {'counts' if name == 'tfidf' else 'random weights'}: frozen, it would "
                "encode nothing more. Leave --frozen out, or freeze a pre-trained encoder such as minilm."
            )
        return "transformer" if name == _SMALL_BERT else name
    if frozen:
        return "frozen"
    if name == "minilm":
        return "transformer"
    from workbench.encoders.source import find_source

    return "causal_lm" if find_source(name, weights=False).is_causal() else "transformer"


def _origin(name: str, train_texts: Sequence[str]) -> Any:
    if name == _SMALL_BERT:
        from workbench.encoders.small_bert import SmallBertSource

        return SmallBertSource(train_texts)
    from workbench.encoders.source import find_source

    return find_source(name)


def _class(kind: str) -> Any:
    if kind not in _CLASSES:
        raise WorkbenchError(f"Unknown kind of encoder {kind!r}.{nearest(kind, _CLASSES)}")
    module, name = _CLASSES[kind]
    return getattr(import_module(module), name)
