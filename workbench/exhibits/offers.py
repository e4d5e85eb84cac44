"""What the runs of a workspace can show: with which encoders and settings an exhibit's grid is begun."""

from __future__ import annotations

import json
import shlex
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from workbench.analysis.floor import FLOOR
from workbench.exhibits.base import Exhibit
from workbench.exhibits.budgets import BUDGETS
from workbench.exhibits.scope import CorpusFacts, Made, Need, Scope
from workbench.exhibits.state import State, state_of
from workbench.exhibits.way_names import way_names
from workbench.runs.matching import learned
from workbench.runs.store import Run

_BEGUN = 0.5
"""Ways that have less of their grid are never the first."""


def corpora_of(runs: Sequence[Run]) -> list[CorpusFacts]:
    """The corpora that runs were trained on, each once, in the runs' order; parts of one count as it."""
    return list(dict.fromkeys(CorpusFacts.of_run(run) for run in runs))


def offers(exhibit: Exhibit, corpus: CorpusFacts, runs: Sequence[Run]) -> dict[str, tuple[Scope, State]]:
    """Each way in which runs of the exhibit's grid were trained on this corpus, the one to look at first.

    First come ways on more training documents, then the more complete, then budgets; ways that are hardly
    begun come after these, trials of sweeps last. Keys say encoder and budget, or what sets the settings
    apart. A grid is asked for with the seeds that much of it has: one run with a seed of its own asks for no
    other.
    """
    others = [CorpusFacts.of_run(run) for run in runs]
    known = corpus.with_versions((other.name, other.fingerprint, other.split_id) for other in others)
    found = [(scope, state_of(exhibit, scope, runs)) for scope in _scopes(exhibit, known, runs)]
    there = [_with_common_seeds(scope, state) for scope, state in found if _own(state.made)]
    there.sort(key=lambda one: _rank(*one))
    return dict(zip(way_names([scope for scope, _ in there]), there, strict=True))


def commands_for(
    exhibit: Exhibit, scope: Scope, missing: Sequence[Need], unprobed: Sequence[Made] = ()
) -> list[str]:
    """The commands that make the rest of an exhibit: one for a budget, else one a missing run and the probe.

    Args:
        exhibit: what is made.
        scope: in which way.
        missing: runs that are not there.
        unprobed: runs that a probe must visit yet.
    """
    if scope.budget:
        return [_reproduce(exhibit, scope)]
    commands = [_train(need, scope.corpus.name) for need in missing]
    if unprobed:
        names = [one.run.name for one in unprobed]
        commands.append(shlex.join(["workbench", "probe", exhibit.probed_by, *names]))
    return commands


def _rank(scope: Scope, state: State) -> tuple[Any, ...]:
    """Sorts ways; see `offers`."""
    share = len(state.made) / state.total
    only_trials = all(one.run.manifest.get("sweep") for one in _own(state.made))
    settings = 0 if scope.budget else len(scope.settings)
    return only_trials, share < _BEGUN, -scope.n_train, -share, not scope.budget, settings, -len(state.made)


def _with_common_seeds(scope: Scope, state: State) -> tuple[Scope, State]:
    """Without seeds that have less than half of the runs of the seed that has most."""
    counted = Counter(one.need.seed for one in _own((*state.made, *state.training)))
    most = max(counted.values())
    seeds = tuple(seed for seed in scope.seeds if 2 * counted[seed] >= most)
    made, training = (
        tuple(one for one in group if one.need.method == FLOOR or one.need.seed in seeds)
        for group in (state.made, state.training)
    )
    missing = tuple(need for need in state.missing if need.method == FLOOR or need.seed in seeds)
    return replace(scope, seeds=seeds), State(made, training, missing)


def _own(made: Sequence[Made]) -> list[Made]:
    """All but the floor, which is part of every way."""
    return [one for one in made if one.need.method != FLOOR]


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
    words = ["workbench", "train", need.method, "--corpus", need.corpus or corpus, "--encoder", need.encoder]
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
        if recipe["method"] in (FLOOR, *exhibit.own_encoders):  # part of every way, and of none by itself
            continue
        scope = _scope(exhibit, corpus, recipe)
        key = json.dumps([scope.encoders, scope.frozen, scope.budget, dict(scope.settings)], sort_keys=True)
        first.setdefault(key, scope)
        seeds.setdefault(key, set()).add(int(recipe["seed"]))
    return [replace(scope, seeds=tuple(sorted(seeds[key]))) for key, scope in first.items()]


def _scope(exhibit: Exhibit, corpus: CorpusFacts, recipe: Mapping[str, Any]) -> Scope:
    """The scope that this recipe belongs to: a budget's where it has exactly its settings."""
    given = learned(recipe.get("settings") or {})
    varied = (exhibit.varied, *exhibit.also_varied)
    settings = {key: value for key, value in given.items() if key.rpartition(".")[2] not in varied}
    encoder, frozen = str(recipe["encoder"]), bool(recipe["frozen"])
    for budget in BUDGETS:
        scope = exhibit.scope(corpus, (encoder,), budget=budget, frozen=frozen)
        if settings == scope.settings_for(encoder):
            return scope
    return Scope(corpus, (encoder,), budget="", frozen=frozen, settings=settings)
