from __future__ import annotations

from dataclasses import replace

import pytest

from tests.landscapes import give_landscape
from workbench.data.library import save_corpus
from workbench.exhibits.registry import find_exhibit
from workbench.exhibits.reproduction import Reproduction, facts_of
from workbench.exhibits.scope import Made, Scope

FIGURE = find_exhibit("protomix/figure-5")


def test_runs_without_a_landscape_wait_for_the_probe(scope, answer):
    made = [Made(need, answer(need)) for need in FIGURE.needs(scope)]
    give_landscape(made[0].run.path)
    assert FIGURE.unprobed(made) == made[1:]


def test_the_picture_has_one_panel_a_method_and_the_numbers_all_seeds(scope, answer, analysed):
    wanted = replace(scope, seeds=(0, 1))
    for need in FIGURE.needs(wanted):
        give_landscape(answer(need).path, sharpness=1.0 + need.seed)
    _, result = analysed(FIGURE, wanted)
    assert len(set(result.tables["landscapes"]["run"])) == 4
    assert set(result.tables["sharpness"]["n"]) == {2}
    assert set(result.tables["sharpness"]["method"]) == {"base", "proto", "mix", "protomix"}


def test_landscapes_computed_otherwise_are_left_out_and_named(scope, answer, analysed):
    for number, need in enumerate(FIGURE.needs(scope)):
        give_landscape(answer(need).path, grid=7 if number == 0 else 5)
    _, result = analysed(FIGURE, scope)
    (problem,) = result.problems
    assert problem.startswith("cnn-base-None-s0: ")
    assert "workbench probe landscape cnn-base-None-s0 --force" in problem
    assert "base" not in set(result.tables["landscapes"]["method"])


def test_a_damaged_landscape_is_left_out_and_named(scope, answer, analysed):
    for need in FIGURE.needs(scope):
        give_landscape(answer(need).path)
    state, _ = analysed(FIGURE, scope)
    (state.made[0].run.path / "arrays" / "landscape_loss.npy").write_bytes(b"\x93NUMPY")
    _, result = analysed(FIGURE, scope)
    (problem,) = result.problems
    assert "landscape_loss.npy cannot be read" in problem


@pytest.fixture
def trained(workspace, toy_corpus) -> Reproduction:
    save_corpus(toy_corpus, workspace.corpora / "toy")
    settings = {"epochs": 1, "filters": 4, "embedding_size": 8, "batch_size": 32}
    scope = Scope(facts_of("toy", workspace), settings=settings)
    return Reproduction(replace(FIGURE, methods=("base",)), scope, "toy", workspace)


def test_reproducing_runs_the_probe_once(trained):
    trained.train(lambda run: None)
    told: list[Made] = []
    for _ in range(2):
        trained.probe(told.append)
    assert [one.need.method for one in told] == ["base"]
    assert len(trained.analyse().tables["landscapes"]) == 19 * 19
