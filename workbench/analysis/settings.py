"""What sets the settings of one run apart from those of the runs beside it, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

MOST = 64
"""Characters of the settings that one label names; of further settings it gives the number."""

_WITHOUT_EFFECT = {"seed", "logger", "log_every", "device", "keep_epochs", "keep_stages"}
"""Settings that change how or with which seed a run is made, not what is learned."""

_OF_METHOD = "method."
_ABSENT = object()


def flat(config: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested settings by dotted keys, such as "training.epochs"."""
    found: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, Mapping):
            found |= flat(value, f"{prefix}{key}.")
        else:
            found[f"{prefix}{key}"] = value
    return found


def labels_of(
    configs: Sequence[Mapping[str, Any]], methods: Sequence[str] = (), *, most: float = MOST
) -> list[str]:
    """For each of these flat settings, as key=value, where it differs from the most common value among them.

    Without one most common value every run names its own. What a run did not record is said to be so, and
    what has no room is counted. Equal settings have equal labels, and different ones of a method different
    labels: where the words are the same, a short hash tells them apart.

    Args:
        configs: flat settings, as `flat` gives them.
        methods: whose settings they are; those under "method." are compared within one method alone.
        most: characters that the named settings of one label may take; the first is named in any case.
    """
    kinds = list(methods) or [""] * len(configs)
    learned = [{key: value for key, value in config.items() if _has_effect(key)} for config in configs]
    shared = _common(learned, lambda key: not key.startswith(_OF_METHOD))
    own = {
        kind: _common(
            [config for config, other in zip(learned, kinds, strict=True) if other == kind],
            lambda key: key.startswith(_OF_METHOD),
        )
        for kind in set(kinds)
    }
    said = [_label(config, own[kind] | shared, most) for config, kind in zip(learned, kinds, strict=True)]
    identities = [_identity(config) for config in learned]
    meanings = Counter((kind, label) for kind, label, _ in set(zip(kinds, said, identities, strict=True)))
    return [
        f"{label} #{identity[:4]}".lstrip() if meanings[kind, label] > 1 else label
        for kind, label, identity in zip(kinds, said, identities, strict=True)
    ]


def beyond_method(config: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Of flat settings those that runs of any method can have in common, each with its value as repr.

    Not among them: those of the method, the seed, and those that do not change what is learned.
    """
    return frozenset(
        (key, repr(value))
        for key, value in config.items()
        if _has_effect(key) and not key.startswith(_OF_METHOD)
    )


def of_method(config: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Of flat settings those of the method, but for its variant, each with its value as repr."""
    return frozenset(
        (key, repr(value))
        for key, value in config.items()
        if key.startswith(_OF_METHOD) and key != f"{_OF_METHOD}variant"
    )


def _common(configs: Sequence[Mapping[str, Any]], chosen: Callable[[str], bool]) -> dict[str, str | None]:
    """The most common value of each of the chosen keys."""
    keys = sorted({key for config in configs for key in config if chosen(key)})
    return {key: _most_common(key, configs) for key in keys}


def _label(config: Mapping[str, Any], common: Mapping[str, str | None], most: float) -> str:
    differing = [key for key in common if repr(config.get(key, _ABSENT)) != common[key]]
    words = [_said(key, config[key]) for key in differing if key in config]
    words += [f"{_short(key)} not recorded" for key in differing if key not in config]
    named = words[:1]
    while len(named) < len(words) and len(", ".join(words[: len(named) + 1])) <= most:
        named = words[: len(named) + 1]
    rest = len(words) - len(named)
    return ", ".join([*named, f"+{rest} more"] if rest else named)


def _said(key: str, value: Any) -> str:
    """A setting with its value, as a reader would say it."""
    name = _short(key)
    if name == "train_size":
        return "all documents" if value is None else f"{value} documents"
    if name == "add" and value in ([], ()):
        return "nothing added"
    return f"{name}={_told(value)}"


def _short(key: str) -> str:
    return key.split(".", 1)[-1]


def _told(value: Any) -> str:
    """A value in words: names in a list are joined, without brackets and quotes."""
    if value is None:
        return "own default"
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return " + ".join(value) or "none"
    return str(value)


def _most_common(key: str, configs: Sequence[Mapping[str, Any]]) -> str | None:
    """The value that most of those who recorded it have, as repr; None when two are as common."""
    ranked = Counter(repr(config[key]) for config in configs if key in config).most_common(2)
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    return None if tied else ranked[0][0]


def _identity(config: Mapping[str, Any]) -> str:
    return sha256(repr(sorted(config.items(), key=lambda item: item[0])).encode()).hexdigest()


def _has_effect(key: str) -> bool:
    return key.rsplit(".", 1)[-1] not in _WITHOUT_EFFECT
