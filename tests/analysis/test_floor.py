from __future__ import annotations

import pytest

from workbench.analysis.floor import (
    FLOOR,
    FLOOR_SETTINGS,
    floor_commands,
    floor_of,
    floor_setting,
    with_floors,
)
from workbench.methods.registry import find_method
from workbench.runs.store import Run
from workbench.training.settings import resolve

DEMO = "demo/2a9f61c3"
WITHOUT_EFFECT = {
    "method": {"variant", "add"},  # there is one, and what is solved takes no borrowed term
    "encoder": set(),
}


def _run(run_factory, name: str, **about) -> Run:
    return Run.load(run_factory(name, **about))


def _floor(run_factory, name: str, config: dict | None = None, **about) -> Run:
    """A run of binary relevance with the default settings, but for those in `config`, by section."""
    settings = resolve(FLOOR, None, False, {})
    default = {"method": settings.method, "training": settings.training, "encoder": settings.encoder_config}
    whole = {section: one.model_dump(mode="json") for section, one in default.items()}
    for section, changed in (config or {}).items():
        whole[section] |= changed
    return _run(run_factory, name, method=FLOOR, encoder="tfidf", config=whole, **about)


def test_the_floor_is_the_newest_finished_binary_relevance_of_the_split(run_factory):
    runs = [
        _run(run_factory, "mix-0", method="mix"),
        _floor(run_factory, "begun-0", end="running", started_at="2026-03-09T00:00:00"),
        _floor(run_factory, "other-0", split_id="other/1", started_at="2026-03-09T00:00:00"),
        _floor(run_factory, "floor-0", started_at="2026-03-01T00:00:00"),
        _floor(run_factory, "floor-1", seed=1, started_at="2026-03-02T00:00:00"),
    ]
    assert floor_of(runs, DEMO).name == "floor-1"
    assert floor_of(runs[::-1], DEMO).name == "floor-1"
    assert floor_of(runs, "third/1") is None


@pytest.mark.parametrize(
    "config",
    [
        {"method": {"C": 0.001}},
        {"method": {"most_steps": 1}},
        {"training": {"threshold": "fixed"}},
        {"training": {"threshold": "per_label"}},
        {"encoder": {"ngrams": 1}},
        {"encoder": {"max_terms": 100}},
        {"encoder": {"max_length": 20}},
    ],
)
def test_binary_relevance_with_settings_of_its_own_is_no_floor(run_factory, config):
    poor = _floor(run_factory, "poor-0", config, started_at="2026-03-02T00:00:00")
    assert floor_of([poor], DEMO) is None
    assert floor_commands([poor]) == [f"workbench train {FLOOR} --corpus demo"]
    floor = _floor(run_factory, "floor-0", started_at="2026-03-01T00:00:00")
    assert [run.name for run in with_floors([poor], [poor, floor])] == ["poor-0", "floor-0"]
    assert floor_setting([poor, floor], {"poor-0": "poor", "floor-0": "good"}) == "good"


def test_what_does_nothing_to_a_floor_may_be_set_and_what_was_not_recorded_was_not_set(run_factory):
    epochs = _floor(run_factory, "epochs-0", {"training": {"epochs": 3, "batch_size": 8, "seed": 1}})
    assert floor_of([epochs], DEMO) is epochs
    early = _run(run_factory, "early-0", method=FLOOR, config={"method": {"C": 1.0}})
    assert floor_of([early], DEMO) is early
    assert floor_setting([], {}) == ""
    assert floor_setting([_run(run_factory, "mix-0", method="mix")], {"mix-0": "mix"}) == ""


def test_what_a_floor_has_are_the_defaults_of_all_that_changes_it():
    settings = resolve(FLOOR, None, False, {})
    assert find_method(FLOOR)[0].default_encoder == "tfidf"
    assert not find_method(FLOOR)[0].encoder_settings
    assert settings.training.threshold == FLOOR_SETTINGS["training"]["threshold"]
    for section, config in (("method", settings.method), ("encoder", settings.encoder_config)):
        defaults = config.model_dump(mode="json")
        expected = {key: value for key, value in defaults.items() if key not in WITHOUT_EFFECT[section]}
        assert dict(FLOOR_SETTINGS[section]) == expected


def test_each_split_gets_the_floor_that_it_lacks(run_factory):
    mix = _run(run_factory, "mix-0", method="mix")
    there = _run(run_factory, "there-0", method=FLOOR, split_id="other/1")
    far = _run(run_factory, "far-0", split_id="other/1")
    lone = _run(run_factory, "lone-0", split_id="third/1")
    known = [
        _run(run_factory, "floor-0", method=FLOOR),
        _run(run_factory, "more-0", method=FLOOR, split_id="other/1"),
    ]
    found = with_floors([mix, far, there, lone], known)
    assert [run.name for run in found] == ["mix-0", "far-0", "there-0", "lone-0", "floor-0"]
    assert with_floors([], known) == []


def test_a_split_without_a_floor_has_a_command(run_factory):
    runs = [_run(run_factory, "mix-0", method="mix"), _run(run_factory, "mix-1", method="mix", seed=1)]
    assert floor_commands(runs) == [f"workbench train {FLOOR} --corpus demo"]
    assert floor_commands([*runs, _run(run_factory, "floor-0", method=FLOOR)]) == []


def test_the_command_draws_the_same_part_of_the_documents(run_factory):
    part = {"name": "big", "split_id": "big/2", "n_train": 500, "drawn_from": {"split_id": "big/1"}}
    run = Run.load(run_factory("part-0", seed=3))
    run.manifest["corpus"] = part
    assert floor_commands([run]) == [f"workbench train {FLOOR} --corpus big --set train_size=500 --seed 3"]
