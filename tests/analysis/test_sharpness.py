from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from tests.landscapes import give_landscape
from workbench.analysis.landscape import read_landscape
from workbench.analysis.sharpness import (
    EIGENVALUE,
    RISE,
    distances,
    sharpness_over_seeds,
    sharpness_table,
    smaller_radius,
)
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


@pytest.fixture
def probed(run_factory):
    """Runs of these methods and seeds, each with a bowl of this sharpness."""

    def make(*known: tuple[str, int, float], **shape):
        runs = [
            Run.load(
                give_landscape(
                    run_factory(f"{method}-{seed}", method=method, seed=seed), sharpness=sharpness, **shape
                )
            )
            for method, seed, sharpness in known
        ]
        return runs, [read_landscape(run) for run in runs]

    return make


def test_each_run_has_its_rise_at_the_distance_and_its_eigenvalue(probed):
    table = sharpness_table(*probed(("base", 0, 1.0), ("mix", 0, 0.5)), distance=0.5)
    values = table.set_index(["run", "measure"])["value"].to_dict()
    assert values == pytest.approx(
        {
            ("base-0", RISE): 0.75,
            ("base-0", EIGENVALUE): 4.0,
            ("mix-0", RISE): 0.375,
            ("mix-0", EIGENVALUE): 2.0,
        }
    )
    assert table["setting"].tolist() == ["base · cnn", "base · cnn", "mix · cnn", "mix · cnn"]


def test_the_interval_over_seeds_is_students(probed):
    sharpnesses = [1.0, 1.3, 0.8]
    known = [("base", seed, value) for seed, value in enumerate(sharpnesses)]
    table = sharpness_table(*probed(*known, ("mix", 0, 0.5)), distance=1.0)
    summary = sharpness_over_seeds(table).set_index(["setting", "measure"])
    row = summary.loc[("base · cnn", EIGENVALUE)]
    values = 4 * np.array(sharpnesses)
    low, high = stats.t.interval(0.95, 2, loc=values.mean(), scale=stats.sem(values))
    assert row[["mean", "low", "high"]].tolist() == pytest.approx([values.mean(), low, high])
    assert row["n"] == 3
    single = summary.loc[("mix · cnn", RISE)]
    assert (single["n"], np.isnan(single["low"]), np.isnan(single["high"])) == (1, True, True)


def test_a_measure_that_overflowed_has_no_row(probed):
    runs, landscapes = probed(("base", 0, 1.0))
    landscapes[0].report["sharpness"]["rises"][-1]["mean"] = None
    table = sharpness_table(runs, landscapes, distance=1.0)
    assert table["measure"].tolist() == [EIGENVALUE]
    assert sharpness_over_seeds(table)["n"].tolist() == [1]


def test_distances_are_the_axis_beyond_the_centre(probed):
    assert distances(probed(("base", 0, 1.0))[1]) == [0.5, 1.0]
    assert distances([]) == []


def test_nothing_gives_an_empty_table(probed):
    assert sharpness_over_seeds(sharpness_table([], [], 0.5)).empty


def test_landscapes_of_other_grids_are_not_compared(probed, run_factory):
    runs, landscapes = probed(("base", 0, 1.0))
    other = Run.load(give_landscape(run_factory("other-0"), grid=7))
    with pytest.raises(WorkbenchError, match="cannot be compared"):
        sharpness_table([*runs, other], [*landscapes, read_landscape(other)], 1.0)


def test_where_the_loss_overflows_a_radius_is_named_at_which_it_does_not():
    def report(radius: float, *means: float | None) -> dict[str, Any]:
        rises = [{"radius": radius * n / len(means), "mean": mean} for n, mean in enumerate(means, 1)]
        return {"settings": {"radius": radius}, "sharpness": {"rises": rises}}

    assert smaller_radius(report(8.0, 0.1, 0.2, None, None)) == 4.0
    assert smaller_radius(report(1e20, None, None)) == 1.0
    assert smaller_radius(report(2.0, None, None)) == pytest.approx(0.2)
