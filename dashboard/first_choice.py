"""Which runs a page draws before anyone has chosen: as far as possible such as differ by method alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from workbench.analysis.settings import beyond_method, flat, of_method
from workbench.runs.store import Run

_Settings = frozenset[tuple[str, str]]


def one_of_each(runs: Sequence[Run]) -> list[Run]:
    """A run of each method and encoder; first those that have their settings in common with most methods.

    Args:
        runs: the newest first.
    """
    places = [_Place.of(run) for run in runs]
    chosen: list[_Place] = []
    for encoder in dict.fromkeys(place.encoder for place in places):
        beside = [place for place in places if place.encoder == encoder]
        example = _shared_by_most(beside)
        for method in dict.fromkeys(place.method for place in beside):
            alike = [place for place in beside if place.method == method]
            chosen.append(min(alike, key=example.distance))
    if not chosen:
        return []
    example = _shared_by_most(chosen)
    return [place.run for place in sorted(chosen, key=lambda it: (example.distance(it), places.index(it)))]


def in_training_first(runs: Sequence[Run]) -> list[Run]:
    """The runs that are being trained, then `one_of_each` of the others."""
    training = [run for run in runs if run.status == "running"]
    return [*training, *one_of_each([run for run in runs if run.status != "running"])]


def baseline_and_method(runs: Sequence[Run]) -> list[Run]:
    """A run of base and the newest one of another method that has as much as possible in common with it.

    Runs on more training documents come before newer ones. Where there are no two such runs it is the first
    run alone.

    Args:
        runs: the newest first.
    """
    places = sorted((_Place.of(run) for run in runs), key=lambda place: -place.documents)
    baselines = [place for place in places if place.method == "base"]
    methods = [place for place in places if place.method != "base"]
    if not (baselines and methods):
        return [place.run for place in places[:1]]
    for scope in (2, 1, 0):  # from the narrowest
        known = {place.scopes[scope]: place for place in reversed(baselines)}  # the newest stays
        for place in methods:
            if place.scopes[scope] in known:
                return [known[place.scopes[scope]].run, place.run]
    return [min(baselines, key=methods[0].distance).run, methods[0].run]


@dataclass(frozen=True)
class _Place:
    """A run among others: its method, and what it can have in common with runs of other methods."""

    run: Run
    method: str
    encoder: str
    shared: _Settings
    family: str
    own: _Settings
    seed: Any
    documents: int

    @classmethod
    def of(cls, run: Run) -> _Place:
        manifest = run.manifest
        config = flat(manifest.get("config") or {})
        return cls(
            run,
            str(manifest.get("method", "?")),
            str(manifest.get("encoder", "?")),
            beyond_method(config),
            str(manifest.get("family", "?")),
            of_method(config),
            manifest.get("seed"),
            int((manifest.get("corpus") or {}).get("n_train") or 0),
        )

    @property
    def scopes(self) -> tuple[tuple[Any, ...], ...]:
        """What it can have in common with others: its settings, those of its family too, its seed too."""
        settings = (self.encoder, self.shared)
        whole = (*settings, self.family, self.own)
        return settings, whole, (*whole, self.seed)

    def distance(self, other: _Place) -> tuple[bool, int, int, bool]:
        """How unlike two runs are; settings of methods count where both have them."""
        mine, theirs = dict(self.own), dict(other.own)
        return (
            self.encoder != other.encoder,
            len({key for key, _ in self.shared ^ other.shared}),
            sum(mine[key] != theirs[key] for key in mine.keys() & theirs.keys()),
            self.seed != other.seed,
        )


def _shared_by_most(places: Sequence[_Place]) -> _Place:
    """The newest with the settings, then those of its family, then the seed, that most methods have.

    The trials of a search, say, are many and new, but no other method was trained as they were. Of settings
    that as many methods have, those with most training documents: parts of a corpus serve one question only.
    """
    methods: dict[tuple[Any, ...], set[str]] = {}
    for place in places:
        for scope in place.scopes:
            methods.setdefault(scope, set()).add(place.method)
    return max(places, key=lambda it: [*(len(methods[scope]) for scope in it.scopes), it.documents])
