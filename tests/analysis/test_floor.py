from __future__ import annotations

from workbench.analysis.floor import FLOOR, floor_commands, floor_of, with_floors
from workbench.runs.store import Run


def _run(run_factory, name: str, **about) -> Run:
    return Run.load(run_factory(name, **about))


def test_the_floor_is_the_finished_binary_relevance_of_the_split(run_factory):
    runs = [
        _run(run_factory, "mix-0", method="mix"),
        _run(run_factory, "begun-0", method=FLOOR, end="running"),
        _run(run_factory, "other-0", method=FLOOR, split_id="other/1"),
        _run(run_factory, "floor-0", method=FLOOR),
        _run(run_factory, "floor-1", method=FLOOR, seed=1),
    ]
    assert floor_of(runs, "demo/2a9f61c3").name == "floor-0"
    assert floor_of(runs, "third/1") is None


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
