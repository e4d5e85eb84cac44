"""How far an exhibit is: which runs of its grid are there, which are missing, and how long those may take."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.analysis.floor import FLOOR
from workbench.exhibits.base import Exhibit
from workbench.exhibits.scope import Made, Need, Scope
from workbench.runs.matching import find_run_of
from workbench.runs.store import BrokenRun, Run


@dataclass(frozen=True)
class State:
    """An exhibit's grid on one corpus: runs that are finished, in training elsewhere, and not there."""

    made: tuple[Made, ...]
    training: tuple[Made, ...]
    missing: tuple[Need, ...]

    @property
    def total(self) -> int:
        """Runs in the grid."""
        return len(self.made) + len(self.training) + len(self.missing)

    @property
    def is_whole(self) -> bool:
        """Whether every run is there."""
        return len(self.made) == self.total


def state_of(exhibit: Exhibit, scope: Scope, runs: Iterable[Run | BrokenRun]) -> State:
    """Compare the exhibit's grid with the runs there are (`list_runs`, the newest first).

    An interrupted run counts as missing: to train it is to finish it.
    """
    there = _by_recipe(runs)
    made: list[Made] = []
    training: list[Made] = []
    missing: list[Need] = []
    for need in exhibit.needs(scope):
        recipe = need.recipe(scope.corpus.name)
        fingerprint = scope.corpus.fingerprint_of(need.corpus)
        run = find_run_of(there.get(_key(recipe), ()), recipe, fingerprint)
        if run is None or run.status == "stopped":
            missing.append(need)
        else:
            (made if run.status == "done" else training).append(Made(need, run))
    return State(tuple(made), tuple(training), tuple(missing))


def seconds_for(needs: Iterable[Need], made: Iterable[Made], n_train: int) -> float | None:
    """Seconds that training `needs` may take, from runs of the same grid; None where one has no example.

    The mean of the finished runs with the same encoder, by the share of the training documents. The floor,
    which takes seconds, is not counted.
    """
    examples: dict[str, list[float]] = {}
    for one in made:
        spent = (one.run.manifest.get("durations_s") or {}).get("total")
        if spent is not None:
            examples.setdefault(one.need.encoder, []).append(spent / _share(one.need, n_train))
    wanted = [need for need in needs if need.method != FLOOR]
    if any(need.encoder not in examples for need in wanted):
        return None
    return sum(
        sum(examples[need.encoder]) / len(examples[need.encoder]) * _share(need, n_train) for need in wanted
    )


def _by_recipe(runs: Iterable[Run | BrokenRun]) -> dict[Hashable, list[Run]]:
    """Runs apart by what is quick to compare, so that large grids and many runs stay quick."""
    apart: dict[Hashable, list[Run]] = {}
    for run in runs:
        recipe = run.manifest.get("recipe") if isinstance(run, Run) else None
        if isinstance(run, Run) and isinstance(recipe, Mapping):
            apart.setdefault(_key(recipe), []).append(run)
    return apart


def _key(recipe: Mapping[str, Any]) -> Hashable:
    return tuple(str(recipe.get(part)) for part in ("method", "encoder", "frozen", "seed"))


def _share(need: Need, n_train: int) -> float:
    return need.settings.get("train_size", n_train) / max(1, n_train)
