from __future__ import annotations

import pytest

from workbench.analysis.groups import GROUPS, group_metrics, group_table, groups_over_seeds
from workbench.metrics import GROUP_NAMES
from workbench.runs.store import Run


def test_the_groups_are_those_of_the_metrics():
    assert tuple(GROUP_NAMES) == GROUPS


def test_groups_go_from_head_to_tail_and_empty_ones_are_left_out(run_factory):
    run = Run.load(run_factory("a"))
    table = group_table([run])
    assert table["group"].tolist() == ["head", "mid", "tail"]  # "unseen" has no value in the sample
    expected = [run.metrics["test"]["groups"][group]["macro_F1"] for group in table["group"]]
    assert table["value"].tolist() == expected
    assert table["labels"].tolist() == [4, 4, 4]


def test_seeds_of_one_setting_are_averaged(run_factory):
    chosen = [Run.load(run_factory(f"r{seed}", seed=seed, score=0.5 + 0.1 * seed)) for seed in (0, 1)]
    over = groups_over_seeds(group_table(chosen)).set_index("group")
    assert over["n"].tolist() == [2, 2, 2]
    assert over.loc["head", "mean"] == pytest.approx(0.55)
    assert over.loc["head", "std"] == pytest.approx(0.1 / 2**0.5)


def test_groups_of_other_sizes_are_averaged_and_a_seed_counts_once(run_factory):
    scores = {"a": (0, 0.5), "again": (0, 0.7), "b": (1, 0.8)}
    chosen = [Run.load(run_factory(name, seed=seed, score=score)) for name, (seed, score) in scores.items()]
    table = group_table(chosen)
    table.loc[table["run"] == "b", "labels"] = (
        7  # a seed draws other training documents: other labels are rare
    )
    over = groups_over_seeds(table).set_index("group")
    assert over.index.tolist() == ["head", "mid", "tail"]
    assert over["n"].tolist() == [2, 2, 2]
    assert over["labels"].tolist() == [4, 4, 4]
    assert over.loc["head", "mean"] == pytest.approx((0.6 + 0.8) / 2)


def test_no_runs_have_no_groups_over_seeds():
    assert groups_over_seeds(group_table([])).empty


def test_unfinished_runs_have_no_groups(run_factory):
    assert group_table([Run.load(run_factory(end="running"))]).empty
    assert group_table([]).empty


def test_metrics_by_group_leave_out_counts(run_factory):
    assert group_metrics([Run.load(run_factory()), Run.load(run_factory("live", end="running"))]) == [
        "macro_F1"
    ]
    assert group_metrics([]) == []
