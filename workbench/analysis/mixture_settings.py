"""What a mixture and its parent must have in common, and what sets two runs apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.analysis.settings import beyond_method, flat, of_method
from workbench.runs.matching import corpus_fingerprint
from workbench.runs.store import Run

_ADD = "method.add"
_OF_TRAINING, _OF_ENCODER = "training.", "encoder."
Settings = frozenset[tuple[str, str]]


def borrowed_terms(run: Run) -> tuple[str, ...]:
    """The objectives that a run's method has borrowed, as `--add` takes them, in alphabetical order."""
    added = ((run.manifest.get("config") or {}).get("method") or {}).get("add") or ()
    return tuple(sorted(str(term).replace(" ", "") for term in added))


@dataclass(frozen=True, eq=False)
class Known:
    """What is compared of a run."""

    run: Run
    method: str
    family: str
    terms: tuple[str, ...]
    conditions: Mapping[str, str]
    training: Settings
    encoder: Settings
    own: Settings

    @classmethod
    def of(cls, run: Run) -> Known:
        """What a run's manifest says; "?" for what is not recorded."""
        config = flat(run.manifest.get("config") or {})
        shared = beyond_method(config)
        return cls(
            run,
            str(run.manifest.get("method", "?")),
            str(run.manifest.get("family", run.manifest.get("method", "?"))),
            borrowed_terms(run),
            _conditions(run),
            frozenset(pair for pair in shared if pair[0].startswith(_OF_TRAINING)),
            frozenset(pair for pair in shared if pair[0].startswith(_OF_ENCODER)),
            frozenset(pair for pair in of_method(config) if pair[0] != _ADD),
        )

    @property
    def setting(self) -> tuple[Any, ...]:
        """All but the seed."""
        conditions = tuple(self.conditions.items())
        return (self.method, self.terms, conditions, self.training, self.encoder, self.own)


def _conditions(run: Run) -> dict[str, str]:
    """Documents, encoder and arithmetic of a run."""
    corpus = run.manifest.get("corpus") or {}
    generated = corpus.get("n_generated") or 0
    return {
        "test documents": run.split_id,
        "training documents": f"{run.n_train:,} of " + corpus_fingerprint(run, whole=True)[:8],
        "encoder": str(run.manifest.get("encoder", "?")),
        "generated documents": f"{generated:,}",
        "precision": str(run.manifest.get("precision", "?")),
    }


_OWN_CONDITIONS = ("generated documents", "precision")
"""What a lender may have otherwise: whether it reads generated documents is its paper's idea."""

Differing = tuple[str, str | None, str | None]
"""A setting or condition, its value in the parent and in the mixture."""


def differing_settings(one: Known, other: Known) -> list[Differing]:
    """All but the terms."""
    return [
        *_between(one.conditions.items(), other.conditions.items()),
        *_between(one.training | one.encoder | one.own, other.training | other.encoder | other.own),
    ]


def differing_as_lender(one: Known, other: Known) -> list[Differing]:
    """What a lender must not have otherwise: the documents, the encoder, the training."""
    conditions = _between(one.conditions.items(), other.conditions.items())
    return [
        *(pair for pair in conditions if pair[0] not in _OWN_CONDITIONS),
        *_between(one.training, other.training),
    ]


def own_differences(one: Known, other: Known) -> list[Differing]:
    """What sets a lender apart that may."""
    conditions = _between(one.conditions.items(), other.conditions.items())
    return [
        *(pair for pair in conditions if pair[0] in _OWN_CONDITIONS),
        *_between(one.encoder, other.encoder),
    ]


def _between(ours: Iterable[tuple[str, str]], theirs: Iterable[tuple[str, str]]) -> list[Differing]:
    mine, other = dict(ours), dict(theirs)
    keys = [*mine, *(key for key in other if key not in mine)]
    return [(key, other.get(key), mine.get(key)) for key in sorted(keys) if other.get(key) != mine.get(key)]


def nearest_of(
    one: Known,
    candidates: Sequence[Known],
    differing: Callable[[Known, Known], list[Differing]] = differing_settings,
) -> str:
    """The candidate that differs least and in what, of those on the same test documents."""
    here = [other for other in candidates if other.run.split_id == one.run.split_id]
    if not here:
        return ""
    nearest = min(here, key=lambda other: len(differing(one, other)))
    said = "; ".join(difference_text(*pair) for pair in differing(one, nearest))
    return f"{nearest.run.name} is none: {said}"


def difference_text(key: str, there: str | None, here: str | None) -> str:
    """A difference in words: the parent's value first."""
    name = key.removeprefix(_OF_TRAINING)
    theirs, ours = ("not recorded" if value is None else value.strip("'") for value in (there, here))
    return f"{name} {theirs}, not {ours}"
