from __future__ import annotations

from typing import Any

import pytest

from workbench.runs.matching import find_run_of, is_of
from workbench.runs.store import Run, list_runs

PRINT = "f" * 64
CONFIG = {
    "method": {"variant": "protomix", "beta": 0.001, "alpha": 0.5},
    "training": {"epochs": 12, "train_size": None, "device": "auto"},
    "encoder": {"filters": 128, "widths": [1, 2]},
}


def wish(**changes: Any) -> dict[str, Any]:
    recipe = {"method": "protomix", "corpus": "demo", "encoder": "cnn", "frozen": False, "seed": 0}
    return recipe | {"settings": {"epochs": 12, "filters": 128}} | changes


@pytest.fixture
def made(run_factory):
    """A run of this recipe whose config is what the recipe came to."""

    def make(name: str = "one", recipe: dict[str, Any] | None = None, **more: Any) -> Run:
        return Run.load(run_factory(name, recipe=recipe or wish(), **({"config": CONFIG} | more)))

    return make


def test_the_same_recipe_on_the_same_corpus(made):
    run = made()
    assert is_of(run, wish(), PRINT)
    assert not is_of(run, wish(), "0" * 64)


@pytest.mark.parametrize(
    "other", [{"method": "mix"}, {"encoder": "bilstm"}, {"frozen": True}, {"seed": 1}], ids=str
)
def test_another_method_encoder_or_seed_is_another_run(made, other):
    assert not is_of(made(), wish(**other), PRINT)


@pytest.mark.parametrize(
    "settings, same",
    [
        ({"epochs": 12, "filters": 128, "beta": 0.001}, True),  # the default, said aloud
        ({"epochs": 12, "filters": 128, "method.beta": 0.001}, True),
        ({"epochs": 12, "filters": 128, "widths": (1, 2)}, True),
        ({"epochs": 12, "filters": 128, "device": "cpu", "log_every": 3}, True),
        ({"epochs": 12, "filters": 128, "beta": 0.01}, False),
        ({"epochs": 12}, False),  # the run was told its filters: whether they are the default is not known
        ({"epochs": 12, "filters": 128, "unheard_of": 1}, False),
    ],
    ids=str,
)
def test_settings_are_compared_with_what_the_run_was_trained_with(made, settings, same):
    assert is_of(made(), wish(settings=settings), PRINT) is same


def test_a_part_of_the_corpus_counts_as_the_corpus_only_where_a_part_was_asked_for(made):
    part = {"fingerprint": "a" * 64, "drawn_from": {"fingerprint": PRINT, "split_id": "demo/1", "n_train": 9}}
    settings = {"epochs": 12, "filters": 128, "train_size": 5}
    config = CONFIG | {"training": CONFIG["training"] | {"train_size": 5}}
    drawn = made("drawn", wish(settings=settings), config=config)
    drawn = Run(drawn.path, {**drawn.manifest, "corpus": part}, drawn.status)
    assert is_of(drawn, wish(settings=settings), PRINT)
    assert not is_of(drawn, wish(settings=settings | {"train_size": 6}), PRINT)
    by_hand = Run(drawn.path, {**drawn.manifest, "recipe": wish()}, drawn.status)
    assert not is_of(by_hand, wish(), PRINT)
    assert is_of(by_hand, wish(), "a" * 64)


def test_a_finished_run_comes_before_one_in_training_and_one_that_stopped(made, workspace):
    made("failed", end="failed")
    assert find_run_of(list_runs(workspace.runs), wish(), PRINT) is None
    for name, end in (("stopped", "stopped"), ("live", "running"), ("good", "done")):
        made(name, end=end)
        found = find_run_of(list_runs(workspace.runs), wish(), PRINT)
        assert found is not None
        assert found.name == name


def test_broken_runs_and_runs_without_a_recipe_are_passed_over(run_factory, workspace):
    run_factory("plain")
    (run_factory("cut") / "run.json").write_text("{")
    assert find_run_of(list_runs(workspace.runs), wish(), PRINT) is None


def test_a_run_that_left_generated_documents_out_is_a_run_on_the_whole_corpus(made):
    bare = {"fingerprint": "a" * 64, "drawn_from": {"fingerprint": PRINT, "split_id": "demo/1", "n_train": 9}}
    run = made()
    known = {**run.manifest, "corpus": bare, "reads_generated": False}
    assert is_of(Run(run.path, known, run.status), wish(), PRINT)
    assert not is_of(Run(run.path, known | {"reads_generated": True}, run.status), wish(), PRINT)
