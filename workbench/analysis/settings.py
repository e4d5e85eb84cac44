"""What sets the settings of one run apart from those of the runs beside it, in a few words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

MOST = 3
"""Settings named in one label; of further ones it gives the number."""

_WITHOUT_EFFECT = {"seed", "logger", "log_every", "device", "keep_epochs"}
"""Settings that change how or with which seed a run is made, not what is learned."""

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


def labels_of(configs: Sequence[Mapping[str, Any]]) -> list[str]:
    """For each of these flat settings, as key=value, where it differs from the most common value among them.

    Without one most common value every run names its own. What a run did not record and what is beyond the
    first few is counted. Equal settings have equal labels, and different ones different labels: where the
    words are the same, a short hash tells them apart.
    """
    learned = [{key: value for key, value in config.items() if _has_effect(key)} for config in configs]
    common = {key: _most_common(key, learned) for key in sorted({key for one in learned for key in one})}
    said = [_label(config, common) for config in learned]
    identities = [_identity(config) for config in learned]
    meanings = Counter(label for label, _ in set(zip(said, identities, strict=True)))
    return [
        f"{label} #{identity[:4]}".lstrip() if meanings[label] > 1 else label
        for label, identity in zip(said, identities, strict=True)
    ]


def _label(config: Mapping[str, Any], common: Mapping[str, str | None]) -> str:
    differing = [key for key in common if repr(config.get(key, _ABSENT)) != common[key]]
    named = [key for key in differing if key in config][:MOST]
    words = [f"{key.split('.', 1)[-1]}={config[key]}" for key in named]
    rest = len(differing) - len(named)
    return ", ".join([*words, f"+{rest} more"] if rest else words)


def _most_common(key: str, configs: Sequence[Mapping[str, Any]]) -> str | None:
    """The value that most of those who recorded it have, as repr; None when two are as common."""
    ranked = Counter(repr(config[key]) for config in configs if key in config).most_common(2)
    tied = len(ranked) > 1 and ranked[0][1] == ranked[1][1]
    return None if tied else ranked[0][0]


def _identity(config: Mapping[str, Any]) -> str:
    return sha256(repr(sorted(config.items(), key=lambda item: item[0])).encode()).hexdigest()


def _has_effect(key: str) -> bool:
    return key.rsplit(".", 1)[-1] not in _WITHOUT_EFFECT
