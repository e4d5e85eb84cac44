"""What the runs of a workspace can show: with which encoders and settings an exhibit's grid is begun."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.analysis.settings import MOST, labels_of
from workbench.exhibits.base import Exhibit
from workbench.exhibits.budgets import BUDGETS, budget_settings
from workbench.exhibits.scope import CorpusFacts, Need, Scope
from workbench.exhibits.state import State, state_of
from workbench.runs.matching import learned
from workbench.runs.store import Run


def corpora_of(runs: Sequence[Run]) -> list[CorpusFacts]:
    """The corpora that runs were trained on, each once, in the runs' order; parts of one count as it."""
    return list(dict.fromkeys(CorpusFacts.of_run(run) for run in runs))


def offers(exhibit: Exhibit, corpus: CorpusFacts, runs: Sequence[Run]) -> dict[str, tuple[Scope, State]]:
    """Each way in which runs of the exhibit's grid were trained on this corpus, the most complete first.

    Keys say encoder and budget, or what sets the settings apart. A grid is asked for with all seeds found.
    """
    scopes = _scopes(exhibit, corpus, runs)
    found = [(scope, state_of(exhibit, scope, runs)) for scope in scopes]
    there = [(scope, state) for scope, state in found if state.made]
    there.sort(key=lambda one: (-len(one[1].made) / one[1].total, -len(one[1].made)))
    return dict(zip(_labels([scope for scope, _ in there]), there, strict=True))


def commands_for(exhibit: Exhibit, scope: Scope, missing: Sequence[Need]) -> list[str]:
    """The commands that make the rest of an exhibit: one for a budget, else one a missing run."""
    if scope.budget:
        return [_reproduce(exhibit, scope)]
    return [_train(need, scope.corpus.name) for need in missing]


def _reproduce(exhibit: Exhibit, scope: Scope) -> str:
    words = ["workbench", "reproduce", exhibit.id, "--corpus", scope.corpus.name]
    if not exhibit.needs_corpus:
        for encoder in scope.encoders:
            words += ["--encoder", encoder]
        words += ["--budget", scope.budget, *(["--frozen"] if scope.frozen else [])]
        if len(scope.seeds) != BUDGETS[scope.budget]:
            words += ["--seeds", str(max(scope.seeds) + 1)]
    return shlex.join(words)


def _train(need: Need, corpus: str) -> str:
    words = ["workbench", "train", need.method, "--corpus", corpus, "--encoder", need.encoder]
    words += ["--seed", str(need.seed), *(["--frozen"] if need.frozen else [])]
    for key, value in need.settings.items():
        words += ["--set", f"{key}={value}"]
    return shlex.join(words)


def _scopes(exhibit: Exhibit, corpus: CorpusFacts, runs: Sequence[Run]) -> list[Scope]:
    seeds: dict[str, set[int]] = {}
    first: dict[str, Scope] = {}
    for run in runs:
        recipe = run.manifest.get("recipe")
        if not isinstance(recipe, Mapping) or CorpusFacts.of_run(run) != corpus:
            continue
        scope = _scope(exhibit, corpus, recipe)
        key = json.dumps([scope.encoders, scope.frozen, scope.budget, dict(scope.settings)], sort_keys=True)
        first.setdefault(key, scope)
        seeds.setdefault(key, set()).add(int(recipe["seed"]))
    return [replace(scope, seeds=tuple(sorted(seeds[key]))) for key, scope in first.items()]


def _scope(exhibit: Exhibit, corpus: CorpusFacts, recipe: Mapping[str, Any]) -> Scope:
    """The scope that this recipe belongs to: a budget's where it has exactly its settings."""
    given = learned(recipe.get("settings") or {})
    settings = {key: value for key, value in given.items() if key.rpartition(".")[2] != exhibit.varied}
    encoder, frozen = str(recipe["encoder"]), bool(recipe["frozen"])
    for budget in BUDGETS:
        if settings == budget_settings(budget, encoder, frozen=frozen):
            return Scope(corpus, (encoder,), budget=budget, frozen=frozen)
    return Scope(corpus, (encoder,), budget="", frozen=frozen, settings=settings)


def _labels(scopes: Sequence[Scope]) -> list[str]:
    """Encoder and budget, or what sets the settings apart from others with the same encoder."""
    encoders = [scope.encoders[0] + (" frozen" if scope.frozen else "") for scope in scopes]
    said = dict.fromkeys(range(len(scopes)), "")
    for encoder in set(encoders):
        places = [place for place, name in enumerate(encoders) if name == encoder]
        words = labels_of([scopes[place].settings_for(scopes[place].encoders[0]) for place in places])
        said |= dict(zip(places, words, strict=True))
    return [
        " · ".join([encoder, scope.budget or said[place] or _first(scope.settings)])
        for place, (encoder, scope) in enumerate(zip(encoders, scopes, strict=True))
    ]


def _first(settings: Mapping[str, Any]) -> str:
    named = [f"{key}={value}" for key, value in list(settings.items())[:MOST]]
    rest = len(settings) - len(named)
    return ", ".join([*named, f"+{rest} more"] if rest else named) or "defaults"
