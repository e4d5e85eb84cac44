from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.landscapes import DOCUMENTS, give_landscape
from workbench.analysis.landscape import (
    Landscape,
    check_comparable,
    common_scale,
    grid_table,
    path_table,
    read_landscape,
    slice_table,
)
from workbench.errors import WorkbenchError
from workbench.runs.store import Run


@pytest.fixture
def read(run_factory):
    """Reads back a made-up landscape of a made-up run."""

    def make(name: str = "base-0", method: str = "base", plane: str = "random", **shape) -> Landscape:
        run = Run.load(give_landscape(run_factory(name, method=method), plane=plane, **shape))
        found = read_landscape(run, plane)
        assert found is not None
        return found

    return make


def test_a_run_without_a_landscape_has_none(run_factory):
    run = Run.load(run_factory("base-0"))
    assert read_landscape(run) is None
    assert read_landscape(run, "path") is None


def test_the_grid_has_a_row_a_point_with_the_loss_at_its_place(read):
    table = grid_table([read("steep-0", sharpness=2.0), read("flat-0", method="mix", own=0.3)])
    assert table.groupby("run").size().to_dict() == {"flat-0": 25, "steep-0": 25}
    here = table[(table["run"] == "steep-0") & (table["x"] == 0.5) & (table["y"] == -1.0)].iloc[0]
    assert here["loss"] == pytest.approx(0.1 + 2 * (0.25 + 2))
    assert here["rise"] == pytest.approx(4.5)
    assert here["log10_loss"] == pytest.approx(np.log10(4.6))
    assert set(table["method"]) == {"base", "mix"}


def test_what_was_not_computed_is_empty(read):
    one = read()
    assert one.path.shape == (0, 2)
    assert path_table([one]).empty
    assert read("other-0", plane="path", epochs=3).slices.shape == (0, 0)
    for table in (grid_table([]), slice_table([]), path_table([])):
        assert table.empty


def test_infinity_stays_in_the_table(read):
    table = grid_table([read(overflow=3)])
    assert np.isinf(table["loss"]).sum() == np.isinf(table["rise"]).sum() == 3


def test_one_scale_ends_at_the_largest_value_of_all_runs():
    scale = common_scale(np.array([0.1, 0.5, 0.3, 0.9, 0.7]))
    assert (scale.low, scale.high, scale.above, scale.not_finite) == (0.1, 0.9, 0, 0)


def test_a_few_towering_points_do_not_take_the_contrast_and_are_counted():
    values = np.concatenate([np.linspace(0, 1, 98), [50.0, 1e30, np.inf, np.nan]])
    scale = common_scale(values)
    assert scale.low == 0
    assert scale.high == pytest.approx(np.quantile(values[np.isfinite(values)], 0.95))
    assert scale.high < 1.1
    assert (scale.above, scale.not_finite) == ((values[:100] > scale.high).sum(), 2)


@pytest.mark.parametrize("values", [[], [np.inf, np.nan], [2.0], [2.0, 2.0]])
def test_a_scale_of_nothing_or_of_one_value_still_has_two_ends(values):
    scale = common_scale(np.array(values))
    assert scale.low < scale.high
    assert scale.not_finite == (~np.isfinite(values)).sum()


def test_slices_and_their_mean_over_directions_by_hand(read):
    table = slice_table([read(own=0.0)])
    assert list(table["direction"].unique()) == ["1", "2", "3", "4", "mean of 4"]
    at_end = table[table["position"] == 1.0].set_index("direction")
    assert at_end["loss"].to_dict() == pytest.approx(
        {"1": 1.0, "2": 2.0, "3": 3.0, "4": 6.0, "mean of 4": 3.0}
    )
    assert at_end.loc["mean of 4", "std"] == pytest.approx(np.sqrt((4 + 1 + 0 + 9) / 3))
    assert at_end.drop("mean of 4")["std"].isna().all()


def test_the_mean_has_a_gap_where_a_direction_overflowed(read):
    one = read()
    slices = one.slices.copy()
    slices[2, 0] = np.inf
    table = slice_table([replace(one, slices=slices)])
    mean = table[table["direction"] == "mean of 4"]
    assert mean["loss"].isna().tolist() == [True, False, False, False, False]


def test_the_path_has_a_row_an_epoch(read):
    table = path_table([read(epochs=3), read("mix-0", method="mix")])
    assert table[["run", "epoch"]].to_numpy().tolist() == [["base-0", 0], ["base-0", 1], ["base-0", 2]]
    assert table["x"].tolist() == pytest.approx([0.8, 0.4, 0.0])
    assert table["share_in_plane"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    "other, what",
    [
        ({"grid": 7}, "settings"),
        ({"radius": 2.0}, "settings"),
        ({"seed": 1}, "settings"),
        ({"corpus": "e" * 64}, "corpus"),
        ({"documents": {**DOCUMENTS, "ids_sha256": "1" * 64}}, "documents"),
    ],
)
def test_runs_with_anything_else_than_other_weights_never_share_a_table(read, other, what):
    pair = [read("one-0"), read("two-0", **other)]
    for table in (grid_table, slice_table):
        with pytest.raises(
            WorkbenchError, match=f"one-0 and two-0 differ in {what}: they cannot be compared"
        ):
            table(pair)
    assert pair[0].identity != pair[1].identity


def test_runs_that_differ_in_their_weights_alone_do(read):
    pair = [read("one-0", sharpness=5.0, epochs=2), read("two-0", own=0.7, overflow=1)]
    check_comparable(pair)
    assert pair[0].identity == pair[1].identity
    assert pair[0].title == "5 × 5 points to distance 1, 20 documents, seed 0"


def test_a_missing_array_and_another_version_are_said(run_factory):
    run = Run.load(give_landscape(run_factory("base-0")))
    (run.path / "arrays" / "landscape_loss.npy").unlink()
    with pytest.raises(WorkbenchError, match="no array 'landscape_loss'"):
        read_landscape(run)
    newer = Run.load(give_landscape(run_factory("new-0"), schema=2))
    with pytest.raises(WorkbenchError, match="workbench probe landscape new-0 --plane random --force"):
        read_landscape(newer)
