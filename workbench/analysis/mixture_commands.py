"""The trainings that make a mixture and the parents that it lacks, from what its run was asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workbench.analysis.mixture_settings import borrowed_terms
from workbench.analysis.mixtures import LENDER, Mixture, Parent
from workbench.forms.request import Request
from workbench.runs.store import Run

_FROZEN = " frozen"
_STATES = "states"
"""What a frozen encoder keeps of a text: every method asks for its own."""


@dataclass(frozen=True)
class Missing:
    """A parent that some seeds of a mixture lack, and the training that makes it."""

    parent: Parent
    seeds: tuple[int, ...]
    request: Request


def missing_parents(mixture: Mixture) -> list[Missing]:
    """The parents of a mixture that have no run of some of its seeds."""
    found = []
    for parent in mixture.parents:
        seeds = tuple(seed for seed in mixture.runs if seed not in parent.runs)
        if seeds:
            terms = () if parent.role == LENDER else _terms_of(parent)
            found.append(Missing(parent, seeds, _request(mixture, parent, terms, seeds)))
    return found


def mixture_request(run: Run, terms: Sequence[str] = (), seeds: Sequence[int] = ()) -> Request:
    """What trains a run again, also with other seeds, and with these borrowed terms besides its own."""
    recipe = _recipe(run)
    return Request(
        recipe["method"],
        recipe["corpus"],
        recipe["encoder"],
        recipe["frozen"],
        tuple(seeds) or (int(run.manifest.get("seed") or 0),),
        assignments=_assignments(recipe["settings"]),
        added=tuple(dict.fromkeys([*borrowed_terms(run), *terms])),
    )


def _request(mixture: Mixture, parent: Parent, terms: Sequence[str], seeds: tuple[int, ...]) -> Request:
    recipe = _recipe(mixture.example)
    given = recipe["settings"]
    if parent.role == LENDER:
        given = {key: value for key, value in given.items() if _is_shared(key, mixture.example)}
    return Request(
        parent.method,
        recipe["corpus"],
        recipe["encoder"],
        recipe["frozen"],
        seeds,
        assignments=_assignments(given),
        added=tuple(terms),
    )


def _terms_of(parent: Parent) -> tuple[str, ...]:
    run = next(iter(parent.runs.values()), None)
    return borrowed_terms(run) if run else ()


def _is_shared(key: str, run: Run) -> bool:
    """Whether a setting is one of training or of the encoder, which the lender has too."""
    section, _, name = key.rpartition(".")
    config = run.manifest.get("config") or {}
    sections = [section] if section else [one for one in config if name in config[one]]
    return sections in (["training"], ["encoder"]) and name != _STATES


def _recipe(run: Run) -> dict[str, Any]:
    """What a run was asked for; of one that does not say it, what it says of itself."""
    known: Mapping[str, Any] = run.manifest.get("recipe") or {}
    encoder = str(run.manifest.get("encoder", ""))
    return {
        "method": str(known.get("method") or run.manifest.get("method", "?")),
        "corpus": str(known.get("corpus") or (run.manifest.get("corpus") or {}).get("name", "?")),
        "encoder": str(known.get("encoder") or encoder.removesuffix(_FROZEN)),
        "frozen": bool(known.get("frozen", encoder.endswith(_FROZEN))),
        "settings": dict(known.get("settings") or {}),
    }


def _assignments(settings: Mapping[str, Any]) -> tuple[str, ...]:
    own = {key: value for key, value in settings.items() if key.rpartition(".")[2] != "add"}
    return tuple(
        f"{key}={value if isinstance(value, str) else json.dumps(value)}" for key, value in own.items()
    )
