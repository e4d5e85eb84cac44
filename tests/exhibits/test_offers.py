from __future__ import annotations

from dataclasses import replace

import pytest

from tests.exhibits.conftest import FACTS
from workbench.analysis.floor import FLOOR
from workbench.exhibits.offers import commands_for, corpora_of, offers
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.scope import Made, Need
from workbench.runs.store import Run, list_runs

TABLE = find_exhibit("protomix/table-5")  # base and protomix
ALPHAS = find_exhibit("protomix/table-3")


def runs_in(workspace) -> list[Run]:
    return [run for run in list_runs(workspace.runs) if isinstance(run, Run)]


def test_each_way_of_training_is_offered_the_most_complete_first(scope, answer, workspace):
    base, protomix, _ = TABLE.needs(scope)
    answer(base)
    for need in (base, protomix):
        answer(replace(need, encoder="minilm", frozen=True, settings={"epochs": 7}))
    found = offers(TABLE, FACTS, runs_in(workspace))
    assert {name: (len(state.made), state.total) for name, (_, state) in found.items()} == {
        "minilm frozen · epochs=7": (2, 3),
        "cnn · quick": (1, 3),
    }
    assert found["cnn · quick"][0].budget == "quick"
    assert found["minilm frozen · epochs=7"][0].settings == {"epochs": 7}


def test_all_seeds_of_a_way_are_asked_for(scope, answer, workspace):
    for seed in (0, 3):
        for need in TABLE.needs(replace(scope, seeds=(seed,))):
            if seed == 0 or need.method != FLOOR:  # which is needed once
                answer(need)
    ((wanted, state),) = offers(TABLE, FACTS, runs_in(workspace)).values()
    assert wanted.seeds == (0, 3)
    assert state.is_whole


def test_the_floor_is_part_of_every_way_and_of_none_by_itself(scope, answer, workspace):
    *_, floor = TABLE.needs(scope)
    answer(floor)
    assert offers(TABLE, FACTS, runs_in(workspace)) == {}
    answer(Need("base", "cnn", 3, False, scope.settings_for("cnn")))
    ((wanted, state),) = offers(TABLE, FACTS, runs_in(workspace)).values()
    assert wanted.seeds == (3,)
    assert [one.need for one in state.made if one.need.method == FLOOR] == [floor]  # of seed 0


def test_what_an_exhibit_varies_sets_no_way_apart(scope, answer, workspace):
    for need in ALPHAS.needs(scope)[:3]:
        answer(need)
    ((name, (_, state)),) = offers(ALPHAS, FACTS, runs_in(workspace)).items()
    assert (name, len(state.made), state.total) == ("cnn · quick", 3, 6)
    apart = offers(TABLE, FACTS, runs_in(workspace))  # where alpha is a setting like any other
    assert set(apart) == {f"cnn · alpha={alpha}" for alpha in (0.05, 0.1, 0.5)}


def test_runs_without_a_recipe_or_on_another_corpus_are_passed_over(scope, answer, run_factory, workspace):
    run_factory("plain")
    answer(TABLE.needs(scope)[0])
    other = replace(FACTS, fingerprint="0" * 64)
    assert offers(TABLE, other, runs_in(workspace)) == {}
    assert len(offers(TABLE, FACTS, runs_in(workspace))) == 1
    assert corpora_of(runs_in(workspace)) == [FACTS]


def test_a_stray_seed_asks_for_no_other_run_and_hides_no_way(scope, answer, workspace):
    four = find_exhibit("protomix/table-4")
    way = replace(scope, budget="", settings={"epochs": 3}, seeds=(0, 1))
    for need in [*four.needs(way), replace(four.needs(way)[0], seed=100)]:
        answer(need)
    ((wanted, state),) = offers(four, FACTS, runs_in(workspace)).values()
    assert wanted.seeds == (0, 1)
    assert (len(state.made), state.is_whole) == (9, True)


def test_a_seed_with_half_the_runs_of_the_others_is_asked_for(scope, answer, workspace):
    base, protomix, floor = TABLE.needs(scope)
    for need in (base, protomix, floor, replace(base, seed=1)):
        answer(need)
    ((wanted, state),) = offers(TABLE, FACTS, runs_in(workspace)).values()
    assert wanted.seeds == (0, 1)
    assert [(need.method, need.seed) for need in state.missing] == [("protomix", 1)]


def test_more_documents_come_first_unless_hardly_begun(scope, answer, workspace):
    four = find_exhibit("protomix/table-4")
    for size, count in ((60, 4), (120, 3), (180, 1)):
        for need in four.needs(replace(scope, budget="", settings={"epochs": 3, "train_size": size}))[:count]:
            answer(replace(need, at=size))  # which is part of the run's name
    assert list(offers(four, FACTS, runs_in(workspace))) == [
        "cnn · 120 documents",
        "cnn · 60 documents",
        "cnn · 180 documents",
    ]


def test_trials_of_a_sweep_are_never_first(scope, answer, workspace):
    wanted = find_exhibit("protomix/figure-6")  # of which table 2 needs the run of protomix alone
    for need in wanted.needs(scope)[-1:]:
        answer(need)
        sweep = {"study": "space", "trial": 1}
        answer(replace(need, at=1, settings={"training.learning_rate": 0.0192711}), sweep=sweep)
    table = find_exhibit("protomix/table-2")
    assert list(offers(table, FACTS, runs_in(workspace))) == ["cnn · quick", "cnn · learning_rate=0.01927"]


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


def test_runs_that_wait_for_a_probe_are_named_in_its_command(scope, answer):
    figure = find_exhibit("protomix/figure-5")
    way = replace(scope, budget="", settings={"epochs": 3})
    made = [Made(need, answer(need)) for need in figure.needs(way)[:2]]
    assert commands_for(figure, way, (), figure.unprobed(made)) == [
        "workbench probe landscape cnn-base-None-s0 cnn-proto-None-s0"
    ]
    (whole,) = commands_for(figure, scope, (), figure.unprobed(made))
    assert whole == "workbench reproduce protomix/figure-5 --corpus demo --encoder cnn --budget quick"


def test_the_rest_of_other_settings_is_a_command_a_run(scope):
    missing = [Need("base", "cnn", 2, False, {"widths": [1, 2], "epochs": 3})]
    assert commands_for(TABLE, replace(scope, budget=""), missing) == [
        "workbench train base --corpus demo --encoder cnn --seed 2 --set 'widths=[1, 2]' --set epochs=3"
    ]
