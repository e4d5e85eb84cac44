from __future__ import annotations

import math
import statistics

import pytest

from workbench.analysis.comparison import metric_names, over_seeds, run_table
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


def runs(*paths) -> list[Run]:
    return [Run.load(path) for path in paths]


def test_one_row_a_run_with_every_overall_metric(run_factory):
    chosen = runs(run_factory("a", method="base"), run_factory("b", end="running"))
    table = run_table(chosen).set_index("run")
    assert table["method"].to_dict() == {"a": "base", "b": "protomix"}
    assert table.loc["a", "nDCG@5"] == chosen[0].metrics["test"]["overall"]["nDCG@5"]
    assert math.isnan(table.loc["b", "nDCG@5"])
    assert table.loc["a", "train_s"] == 41.5
    assert metric_names(run_table(chosen)) == list(chosen[0].metrics["test"]["overall"])
    assert run_table(chosen, "valid").set_index("run").loc["a", "P@1"] != table.loc["a", "P@1"]


def test_seeds_are_averaged_as_statistics_does(run_factory):
    chosen = runs(*(run_factory(f"r{seed}", seed=seed) for seed in range(4)))
    row = over_seeds(run_table(chosen), ["nDCG@5"]).iloc[0]
    values = [run.metrics["test"]["overall"]["nDCG@5"] for run in chosen]
    assert row["mean"] == pytest.approx(statistics.mean(values))
    assert row["std"] == pytest.approx(statistics.stdev(values))
    assert (row["n"], row["setting"]) == (4, "protomix · cnn")


def test_one_seed_has_no_deviation_and_a_missing_metric_no_row(run_factory):
    table = over_seeds(run_table(runs(run_factory("a"), run_factory("b", end="stopped"))), ["P@1", "P@3"])
    assert table["metric"].tolist() == ["P@1", "P@3"]
    assert table["n"].tolist() == [1, 1]
    assert table["std"].isna().all()


@pytest.mark.parametrize(
    "other",
    [
        {"split_id": "demo/other"},
        {"method": "base"},
        {"encoder": "minilm"},
        {"config": {"training": {"epochs": 9}}},
    ],
)
def test_what_differs_by_more_than_the_seed_is_never_averaged(run_factory, other: dict):
    chosen = runs(run_factory("a", seed=0), run_factory("b", **({"seed": 1} | other)))
    assert over_seeds(run_table(chosen), ["P@1"])["n"].tolist() == [1, 1]


def test_where_a_run_was_logged_is_no_setting(run_factory):
    configs = [{"training": {"logger": name, "device": name, "seed": name}} for name in ("one", "two")]
    chosen = runs(*(run_factory(str(number), config=config) for number, config in enumerate(configs)))
    assert run_table(chosen)["settings"].tolist() == ["", ""]


def test_settings_name_only_what_differs(run_factory):
    def config(weight: float, seed: int) -> dict:
        return {"method": {"prototype_weight": weight}, "training": {"epochs": 3, "seed": seed}}

    chosen = runs(
        run_factory("a", config=config(0.1, 0)),
        run_factory("b", config=config(0.01, 1)),
        run_factory("c", method="base", config={"training": {"epochs": 3, "seed": 0}}),
    )
    table = run_table(chosen)
    assert table["settings"].tolist() == ["prototype_weight=0.1", "prototype_weight=0.01", ""]
    assert table["setting"].tolist() == [
        "protomix · cnn · prototype_weight=0.1",
        "protomix · cnn · prototype_weight=0.01",
        "base · cnn",
    ]


def test_settings_that_only_one_method_departs_from_are_named(run_factory):
    few, many = ({"training": {"epochs": epochs}, "method": {"variant": "x"}} for epochs in (3, 9))
    methods = {"base": few, "proto": few, "mix": few, "protomix": many}
    chosen = runs(*(run_factory(name, method=name, config=config) for name, config in methods.items()))
    assert run_table(chosen)["settings"].tolist() == ["", "", "", "epochs=9"]


def test_a_seed_trained_twice_counts_once(run_factory):
    chosen = runs(*(run_factory(f"r{number}", seed=seed) for number, seed in enumerate((0, 0, 1))))
    row = over_seeds(run_table(chosen), ["nDCG@5"]).iloc[0]
    first, again, other = (run.metrics["test"]["overall"]["nDCG@5"] for run in chosen)
    assert row["n"] == 2
    assert row["mean"] == pytest.approx(((first + again) / 2 + other) / 2)
    assert row["std"] == pytest.approx(statistics.stdev([(first + again) / 2, other]))


def test_no_runs_give_an_empty_table():
    table = run_table([])
    assert len(table) == 0
    assert "method" in table
    assert over_seeds(table, []).empty


def test_a_metric_or_part_that_is_none_is_refused_with_those_there_are(run_factory):
    runs = [Run.load(run_factory())]
    with pytest.raises(WorkbenchError, match=r"the metric 'P@11'.* Did you mean 'P@1'"):
        over_seeds(run_table(runs), ["nDCG@5", "P@11"])
    with pytest.raises(WorkbenchError, match="test and valid, not on 'train'"):
        run_table(runs, "train")
