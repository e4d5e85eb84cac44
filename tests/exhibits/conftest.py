from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.features import give_features
from tests.stage_vectors import give_vectors
from tests.training_sets import give_gold, give_micro_f1
from workbench.exhibits import cl_mil, laco, sep_mldc
from workbench.exhibits.base import Exhibit, Material, Result
from workbench.exhibits.scope import CorpusFacts, Need, Scope
from workbench.exhibits.state import State, state_of
from workbench.runs.store import Run, list_runs

FACTS = CorpusFacts("demo", "f" * 64, "demo/2a9f61c3", 240)
"""The corpus of the runs that tests/conftest.py makes up."""
VERSIONS = {"demo-eda": "e" * 64, "demo-back-translation": "b" * 64, "demo-rewriting": "c" * 64}
"""Fingerprints of its versions with augmented texts."""

Answer = Callable[..., Run]

WITH_SETS = {*laco.BASELINES.values(), *cl_mil.BASELINES.names.values()}
OF_CL_MIL = {*cl_mil.CONTRAST, *cl_mil.GRAINS, *cl_mil.RELATIONS}


@pytest.fixture
def answer(run_factory) -> Answer:
    """Writes the made-up run that answers a need."""

    def make(need: Need, **changes: Any) -> Run:
        weights = "".join(f"-{key}{need.settings[key]}" for key in ("alpha", "beta") if key in need.settings)
        at = "".join(filter(None, (str(need.at), weights, need.corpus)))
        name = f"{need.encoder}-{need.method}-{at}-s{need.seed}".replace("/", "-")
        manifest = {"recipe": need.recipe("demo"), "config": {"all": dict(need.settings)}}
        about = {"method": need.method, "encoder": need.encoder, "seed": need.seed}
        if need.corpus:
            about |= {"corpus": need.corpus, "fingerprint": VERSIONS[need.corpus]}
        path = run_factory(name, **(about | manifest | changes))
        if need.method.startswith("laco") or need.method in WITH_SETS | OF_CL_MIL:
            give_micro_f1(path)
            give_gold(path)
        if need.method in sep_mldc.ABLATION:
            give_vectors(path)
        if need.method in OF_CL_MIL:
            give_vectors(path, ["contrast"] if need.method.startswith("cl-") else [])
        return give_features(path) if need.method.startswith("lsfa") else Run.load(path)

    return make


@pytest.fixture
def scope() -> Scope:
    return Scope(FACTS)


@pytest.fixture
def analysed(workspace, toy_corpus) -> Callable[[Exhibit, Scope], tuple[State, Result]]:
    """What an exhibit makes of the runs in the workspace."""

    def analyse(exhibit: Exhibit, scope: Scope) -> tuple[State, Result]:
        state = state_of(exhibit, scope, list_runs(workspace.runs))
        return state, exhibit.analyse(Material(scope, state.made, lambda: toy_corpus))

    return analyse
