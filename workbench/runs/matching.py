"""Which run is the one that somebody wants: the same recipe on the same corpus, told from run.json alone.

Defaults count as if they were given: a run of `protomix` answers the wish for `protomix` with the very beta
that is the default, since run.json keeps every hyper-parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from workbench.runs.store import BrokenRun, Run

_WITHOUT_EFFECT = {"logger", "log_every", "device", "keep_epochs", "keep_stages"}
"""Settings that change how a run is made or watched, not what is learned."""

_ORDER = ("done", "running", "stopped")
"""Statuses that are of use, the best first; a failed run would fail again."""


def find_run_of(runs: Iterable[Run | BrokenRun], recipe: Mapping[str, Any], fingerprint: str) -> Run | None:
    """The run of this recipe on the corpus of this fingerprint: a finished one, or one that can become so.

    Args:
        runs: as `list_runs` gives them, the newest first.
        recipe: method, encoder, frozen, seed and settings as `Recipe.as_json` gives them; the corpus's name
            is not looked at, its fingerprint is.
        fingerprint: of the whole corpus, also where the recipe trains on a part of it (`train_size`).
    """
    found = [run for run in runs if isinstance(run, Run) and run.status in _ORDER]
    matching = [run for run in found if is_of(run, recipe, fingerprint)]
    return min(matching, key=lambda run: _ORDER.index(run.status), default=None)


def is_of(run: Run, recipe: Mapping[str, Any], fingerprint: str) -> bool:
    """Whether `run` was asked for with this recipe, up to defaults, on this corpus."""
    recorded = run.manifest.get("recipe") or {}
    if any(recorded.get(part) != recipe[part] for part in ("method", "encoder", "frozen", "seed")):
        return False
    wanted, given = (learned(one.get("settings") or {}) for one in (recipe, recorded))
    config = run.manifest.get("config") or {}
    is_part = "train_size" in wanted or "training.train_size" in wanted
    whole = is_part or not run.manifest.get("reads_generated", True)
    return (
        corpus_fingerprint(run, whole=whole) == fingerprint
        and given.keys() <= wanted.keys()
        and all(_setting(config, key, given) == _plain(value) for key, value in wanted.items())
    )


def corpus_fingerprint(run: Run, *, whole: bool) -> str:
    """The fingerprint of the run's corpus; with `whole`, of the one that its training documents are from."""
    corpus = run.manifest.get("corpus") or {}
    return str(((corpus.get("drawn_from") if whole else None) or corpus).get("fingerprint", ""))


def learned(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that change what is learned."""
    return {key: value for key, value in settings.items() if key.rpartition(".")[2] not in _WITHOUT_EFFECT}


def _setting(config: Mapping[str, Any], key: str, given: Mapping[str, Any]) -> Any:
    """What the run was trained with: from its config, whose sections `section.key` names where it must."""
    section, _, name = key.rpartition(".")
    parts = [config.get(section) or {}] if section else list(config.values())
    values = [part[name] for part in parts if name in part]
    return _plain(values[0] if len(values) == 1 else given.get(key))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value
