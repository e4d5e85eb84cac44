from __future__ import annotations

from workbench.runs.opening import finished_runs


def test_finished_runs_come_in_order_and_the_others_are_named(run_factory, tmp_path):
    folders = [run_factory("b"), run_factory("live", end="running"), tmp_path / "nothing", run_factory("a")]
    told: list[str] = []
    assert [run.name for run in finished_runs(folders, told.append)] == ["b", "a"]
    assert told[0] == "left out: live is not finished (running)"
    assert "nothing" in told[1] and told[1].startswith("left out: ")
    assert len(told) == 2
