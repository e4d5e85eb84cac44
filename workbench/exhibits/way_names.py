"""What ways of training are called: the encoder, then the budget or what sets the settings apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from workbench.exhibits.scope import TRAIN_SIZE, Scope

MOST = 3
"""Settings named of a way that no other is beside; of further ones the name gives the number."""

_ABSENT = object()


def way_names(scopes: Sequence[Scope]) -> list[str]:
    """A name for each way, such as "cnn · quick" or "minilm frozen · 8,407 documents, prototype=average".

    Ways with the same encoder and no budget are compared: each names its number of training documents where
    these differ, and every setting in which it is not as most of them are.
    """
    encoders = [scope.encoders[0] + (" frozen" if scope.frozen else "") for scope in scopes]
    names = []
    for encoder, scope in zip(encoders, scopes, strict=True):
        beside = [
            other
            for name, other in zip(encoders, scopes, strict=True)
            if name == encoder and not other.budget
        ]
        names.append(f"{encoder} · {scope.budget or _apart(scope, beside)}")
    counted = Counter(names)
    return [
        f"{name} ({', '.join(_settings(scope))})" if counted[name] > 1 else name
        for name, scope in zip(names, scopes, strict=True)
    ]


def _apart(scope: Scope, beside: Sequence[Scope]) -> str:
    words = []
    if len({other.n_train for other in beside}) > 1 or scope.n_train < scope.corpus.n_train:
        words.append(_documents(scope))
    plain = [_without_size(other.settings) for other in beside]
    own = _without_size(scope.settings)
    for key in dict.fromkeys(key for settings in plain for key in settings):
        usual = _usual([repr(settings.get(key, _ABSENT)) for settings in plain])
        if repr(own.get(key, _ABSENT)) != usual and (key in own or usual is not None):
            words.append(_said(key, own[key]) if key in own else f"{_short(key)} not set")
    return ", ".join(words or _first(own))


def _documents(scope: Scope) -> str:
    is_whole = scope.n_train >= scope.corpus.n_train
    return "all documents" if is_whole else f"{scope.n_train:,} documents"


def _usual(values: Sequence[str]) -> str | None:
    """The value that most have; None when two are as common."""
    ranked = Counter(values).most_common(2)
    return None if len(ranked) > 1 and ranked[0][1] == ranked[1][1] else ranked[0][0]


def _first(settings: Mapping[str, Any]) -> list[str]:
    named = [_said(key, value) for key, value in list(settings.items())[:MOST]]
    rest = len(settings) - len(named)
    return [*named, f"+{rest} more"] if rest else named or ["defaults"]


def _said(key: str, value: Any) -> str:
    """key=value, numbers with four digits and files without their folders."""
    if isinstance(value, float):
        return f"{_short(key)}={value:.4g}"
    if isinstance(value, str):
        return f"{_short(key)}={value.rpartition('/')[2]}"
    return f"{_short(key)}={value}"


def _short(key: str) -> str:
    return key.rpartition(".")[2]


def _settings(scope: Scope) -> list[str]:
    return [f"{key}={value}" for key, value in scope.settings.items()] or ["defaults"]


def _without_size(settings: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if _short(key) != TRAIN_SIZE}
