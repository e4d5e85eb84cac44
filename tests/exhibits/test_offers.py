from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exhibits.conftest import FACTS
from workbench.exhibits.offers import commands_for, corpora_of, offers
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import Need
from workbench.runs.store import Run, list_runs

TABLE = find_exhibit("protomix/table-5")  # base and protomix
ALPHAS = find_exhibit("protomix/table-3")


def runs_in(workspace) -> list[Run]:
    return [run for run in list_runs(workspace.runs) if isinstance(run, Run)]


def test_each_way_of_training_is_offered_the_most_complete_first(scope, answer, workspace):
    base, protomix = TABLE.needs(scope)
    answer(base)
    for need in (base, protomix):
        answer(replace(need, encoder="minilm", frozen=True, settings={"epochs": 7}))
    found = offers(TABLE, FACTS, runs_in(workspace))
    assert {name: (len(state.made), state.total) for name, (_, state) in found.items()} == {
        "minilm frozen · epochs=7": (2, 2),
        "cnn · quick": (1, 2),
    }
    assert found["cnn · quick"][0].budget == "quick"
    assert found["minilm frozen · epochs=7"][0].settings == {"epochs": 7}


def test_all_seeds_of_a_way_are_asked_for(scope, answer, workspace):
    for seed in (0, 3):
        for need in TABLE.needs(replace(scope, seeds=(seed,))):
            answer(need)
    ((wanted, state),) = offers(TABLE, FACTS, runs_in(workspace)).values()
    assert wanted.seeds == (0, 3)
    assert state.is_whole


def test_what_an_exhibit_varies_sets_no_way_apart(scope, answer, workspace):
    for need in ALPHAS.needs(scope)[:3]:
        answer(need)
    ((name, (_, state)),) = offers(ALPHAS, FACTS, runs_in(workspace)).items()
    assert (name, len(state.made), state.total) == ("cnn · quick", 3, 5)
    apart = offers(TABLE, FACTS, runs_in(workspace))  # where alpha is a setting like any other
    assert set(apart) == {f"cnn · alpha={alpha}" for alpha in (0.05, 0.1, 0.5)}


def test_runs_without_a_recipe_or_on_another_corpus_are_passed_over(scope, answer, run_factory, workspace):
    run_factory("plain")
    answer(TABLE.needs(scope)[0])
    other = replace(FACTS, fingerprint="0" * 64)
    assert offers(TABLE, other, runs_in(workspace)) == {}
    assert len(offers(TABLE, FACTS, runs_in(workspace))) == 1
    assert corpora_of(runs_in(workspace)) == [FACTS]


@pytest.mark.parametrize(
    "changes, command",
    [
        ({}, "--encoder cnn --budget quick"),
        ({"seeds": (0, 2)}, "--encoder cnn --budget quick --seeds 3"),
        (
            {"budget": "full", "seeds": tuple(range(5)), "encoders": ("a b", "cnn"), "frozen": True},
            "--encoder 'a b' --encoder cnn --budget full --frozen",
        ),
    ],
    ids=str,
)
def test_the_rest_of_a_budget_is_one_command(scope, changes, command):
    (said,) = commands_for(TABLE, replace(scope, **changes), ())
    assert said == f"workbench reproduce protomix/table-5 --corpus demo {command}"


def test_the_rest_of_other_settings_is_a_command_a_run(scope):
    missing = [Need("base", "cnn", 2, False, {"widths": [1, 2], "epochs": 3})]
    assert commands_for(TABLE, replace(scope, budget=""), missing) == [
        "workbench train base --corpus demo --encoder cnn --seed 2 --set 'widths=[1, 2]' --set epochs=3"
    ]
