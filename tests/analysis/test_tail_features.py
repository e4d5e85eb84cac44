"""Real and generated features: reading, choosing, and distances by plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from tests.features import give_features, made
from workbench.analysis.tail_features import (
    GENERATED,
    HELD_OUT,
    PROTOTYPE,
    TRAINING,
    feature_table,
    first_labels,
    keeps_features,
    label_indices,
    read_features,
)
from workbench.errors import WorkbenchError
from workbench.runs.layout import Layout
from workbench.runs.store import Run
from workbench.runs.writer import write_array


def test_everything_a_run_kept_is_read_with_its_kind(run_factory):
    run = give_features(run_factory("lsfa-0"))
    found = read_features(run)
    assert np.bincount(found.kind).tolist() == [36, 36, 24, 12]
    assert found.vectors.dtype == np.float32
    assert (found.row[found.kind >= GENERATED] == -1).all()
    np.testing.assert_array_equal(found.vectors[found.kind == PROTOTYPE][3], np.full(5, 3.0))
    without = read_features(give_features(run_factory("c-0"), generated=False))
    assert np.bincount(without.kind).tolist() == [36, 36, 0, 12]


def test_a_run_without_features_says_what_makes_them(run_factory):
    run = Run.load(run_factory("base-0"))
    assert not keeps_features(run)
    with pytest.raises(WorkbenchError, match="workbench train lsfa"):
        read_features(run)


def test_arrays_that_do_not_fit_together_are_refused(run_factory):
    path = run_factory("lsfa-0")
    give_features(path)
    write_array(Layout(path), "label_feature_rows", np.zeros(3, dtype=np.int64))
    with pytest.raises(WorkbenchError, match="do not fit together"):
        read_features(Run.load(path))


def test_first_a_head_label_and_two_tail_labels_with_most_held_out_features():
    rows = [(0, HELD_OUT, (1, 0))] + [(1, HELD_OUT, (1, 0))] * 2 + [(2, HELD_OUT, (1, 0))] * 3
    assert first_labels(made(rows)) == [0, 2, 1]
    assert first_labels(made(rows), tails=1) == [0, 2]
    assert first_labels(made([(0, TRAINING, (1, 0))])) == []


def test_too_many_features_are_thinned_evenly():
    rows = [(0, TRAINING, (1, 0))] * 50 + [(1, TRAINING, (1, 0))] * 5 + [(1, GENERATED, (1, 0))] * 20
    found = made(rows).of_labels([0, 1], most=30)
    assert len(found) <= 30
    counts = dict.fromkeys([(0, 0), (1, 0), (1, 2)], 0)
    for label, kind in zip(found.label.tolist(), found.kind.tolist(), strict=True):
        counts[label, kind] += 1
    assert counts[1, 0] == 5
    assert counts[0, 0] == counts[1, 2] >= 10
    assert len(made(rows).of_labels([1])) == 25


def test_what_a_picture_draws_has_names_in_the_order_chosen():
    found = made([(2, TRAINING, (1, 0)), (0, HELD_OUT, (0, 1))])
    points = np.array([[1.0, 2.0], [3.0, 4.0]])
    table = feature_table(
        {"run": found}, {"run": points}, {"run": np.array(["a", "b"])}, {2: "two", 0: "zero"}
    )
    assert table["label"].cat.categories.tolist() == ["two", "zero"]
    assert table["kind"].tolist() == ["training", "held out"]
    assert table["document"].tolist() == [-1, found.row[1]]
    assert table[["x", "y"]].to_numpy().tolist() == points.tolist()


def test_an_unknown_label_is_named_with_the_nearest(run_factory):
    run = Run.load(run_factory("lsfa-0"))
    assert label_indices(run, ["L3", "L0"]) == [3, 0]
    with pytest.raises(WorkbenchError, match="has no label 'L33'"):
        label_indices(run, ["L33"])
