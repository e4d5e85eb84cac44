from __future__ import annotations

import math

import pytest

from workbench.analysis.comparison import metric_names, over_seeds, run_table
from workbench.analysis.records import metrics_of, run_records, setting_details, spreads
from workbench.runs.store import Run


@pytest.fixture
def chosen(run_factory) -> list[Run]:
    """Three settings, one of them with three seeds, and a run without metrics."""
    paths = [run_factory(f"base-{seed}", method="base", seed=seed) for seed in range(3)]
    paths += [run_factory("base-again", method="base", seed=2)]
    paths += [run_factory("protomix-0"), run_factory("slow-0", config={"training": {"epochs": 9}})]
    return [Run.load(path) for path in [*paths, run_factory("live-0", end="running")]]


@pytest.mark.parametrize("metric", ["nDCG@5", "hamming_loss"])
def test_spreads_are_what_the_table_over_seeds_says(chosen, metric: str):
    told = over_seeds(run_table(chosen), [metric])
    ours = spreads(run_records(chosen), metric)
    assert [spread.setting for spread in ours] == told["setting"].tolist()
    assert [spread.method for spread in ours] == told["method"].tolist()
    assert [spread.mean for spread in ours] == pytest.approx(told["mean"].tolist())
    assert [spread.std for spread in ours] == pytest.approx(told["std"].tolist(), nan_ok=True)
    assert [spread.n for spread in ours] == told["n"].tolist() == [3, 1, 1]
    assert [len(spread.values) for spread in ours] == [4, 1, 1]
    assert ours[0].values["base-1"] == chosen[1].metrics["test"]["overall"][metric]


def test_metrics_are_those_that_some_run_has(chosen):
    assert metrics_of(run_records(chosen)) == metric_names(run_table(chosen))
    assert metrics_of(run_records(chosen[-1:])) == []
    assert metrics_of([{"run": "a", "P@1": math.nan}, {"run": "b", "P@1": math.nan, "P@3": 0.5}]) == ["P@3"]


def test_without_the_metric_there_is_no_spread(chosen):
    assert spreads(run_records(chosen[-1:]), "nDCG@5") == []
    assert spreads([], "nDCG@5") == []


def test_details_of_a_setting_name_all_that_sets_it_apart(run_factory):
    usual = {"training": {f"setting_{number}": 0 for number in range(12)}}
    other = {"training": {f"setting_{number}": 1 for number in range(12)}}
    configs = {"a": usual, "b": usual, "c": other}
    chosen = [Run.load(run_factory(name, config=config)) for name, config in configs.items()]
    details = setting_details(chosen)
    assert set(details) == {record["setting"] for record in run_records(chosen)}
    (short,) = (setting for setting in details if "more" in setting)
    assert details[short].startswith("protomix · cnn · setting_0=1, ")
    assert all(f"setting_{number}=1" in details[short] for number in range(12))
    assert details["protomix · cnn"] == "protomix · cnn"
