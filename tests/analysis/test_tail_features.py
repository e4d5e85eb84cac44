"""Real and generated features: reading, choosing, and distances by plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from tests.features import give_features
from workbench.analysis import tail_features
from workbench.analysis.tail_features import (
    GENERATED,
    HELD_OUT,
    KINDS,
    PROTOTYPE,
    TRAINING,
    Features,
    closeness_summary,
    closeness_table,
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


def made(rows: list[tuple[int, int, tuple[float, ...]]], is_tail=(False, True, True)) -> Features:
    """Features from (label, kind, vector)."""
    label, kind, vectors = (np.array(column) for column in zip(*rows, strict=True))
    row = np.where(kind < GENERATED, np.arange(len(label)), -1)
    return Features(vectors.astype(np.float32), label, row, kind.astype(np.uint8), np.array(is_tail))


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


def test_distances_are_what_plain_loops_give():
    generator = np.random.default_rng(0)
    kinds = [TRAINING, HELD_OUT, GENERATED] * 8
    rows = [(k % 3, kind, tuple(generator.normal(size=4))) for k, kind in enumerate(kinds)]
    rows = [(int(generator.integers(3)), kind, vector) for _, kind, vector in rows]
    found = made(rows)
    table = closeness_table(found).set_index(["label", "kind"])

    def cosine(a, b):
        return 1 - float(a @ b) / np.sqrt(float(a @ a) * float(b @ b))

    vectors = found.vectors.astype(np.float64)
    held = np.flatnonzero(found.kind == HELD_OUT)
    for (label, kind), row in table.iterrows():
        mine = np.flatnonzero((found.label == label) & (found.kind == KINDS.index(kind)))
        own = [cosine(vectors[i], vectors[j]) for i in mine for j in held if found.label[j] == label]
        others = [cosine(vectors[i], vectors[j]) for i in mine for j in held if found.label[j] != label]
        nearest = [min(held, key=lambda j, i=i: cosine(vectors[i], vectors[j])) for i in mine]
        assert row["to_own"] == pytest.approx(np.mean(own), abs=1e-5)
        assert row["to_others"] == pytest.approx(np.mean(others), abs=1e-5)
        assert row["nearest_own"] == np.mean([found.label[j] == label for j in nearest])
        assert row["by_chance"] == (found.label[held] == label).mean()
        assert (row["features"], row["held_out"]) == (len(mine), (found.label[held] == label).sum())


def test_of_very_many_features_an_even_share_of_each_label_is_asked(monkeypatch):
    """12 held-out features of labels 1 and 2; of label 1 half of the training features lie with label 2."""
    one, two = (1.0, 0.0), (0.0, 1.0)
    rows = [(1, HELD_OUT, one)] * 6 + [(2, HELD_OUT, two)] * 6
    rows += [(1, TRAINING, one if n % 2 else two) for n in range(40)] + [(2, TRAINING, two)] * 2
    whole = closeness_table(made(rows)).set_index("label")["nearest_own"]
    assert whole.to_dict() == {1: 0.5, 2: 1.0}
    for pairs, most in ((12 * 10, 8), (12, 1), (1, 1)):  # 2 of label 2 and up to 8 of label 1; one of each
        monkeypatch.setattr(tail_features, "_PAIRS_AT_MOST", pairs)
        share = closeness_table(made(rows)).set_index("label")["nearest_own"]
        assert share[2] == 1.0
        assert (share[1] * most) % 1 == 0
        assert share.notna().all()


def test_the_mean_over_tail_labels_takes_labels_that_have_all_kinds_alike():
    rows = [(label, HELD_OUT, (1.0, 0.0)) for label in (0, 1, 2)]
    rows += [(1, GENERATED, (1.0, 0.0)), (1, TRAINING, (0.0, 1.0)), (1, PROTOTYPE, (1.0, 0.0))]
    rows += [(2, TRAINING, (1.0, 0.0)), (0, TRAINING, (1.0, 0.0))]  # no generated ones: left out
    summary = closeness_summary(closeness_table(made(rows))).set_index("kind")
    assert summary["labels"].tolist() == [1, 1, 1]
    assert summary.loc["generated", "to_own"] == pytest.approx(0)
    assert summary.loc["training", "to_own"] == pytest.approx(1)
    assert np.isnan(summary.loc["prototype", "spread"])


def test_without_held_out_features_there_is_nothing_to_compare():
    table = closeness_table(made([(1, GENERATED, (1.0, 0.0)), (1, TRAINING, (0.0, 1.0))]))
    assert table.empty
    assert closeness_summary(table).empty


def test_what_a_picture_draws_has_names_in_the_order_chosen():
    found = made([(2, TRAINING, (1, 0)), (0, HELD_OUT, (0, 1))])
    points = np.array([[1.0, 2.0], [3.0, 4.0]])
    table = feature_table(
        {"run": found}, {"run": points}, {"run": np.array(["a", "b"])}, {2: "two", 0: "zero"}
    )
    assert table["label"].cat.categories.tolist() == ["two", "zero"]
    assert table["kind"].tolist() == ["training", "held out"]
    assert table[["x", "y"]].to_numpy().tolist() == points.tolist()


def test_an_unknown_label_is_named_with_the_nearest(run_factory):
    run = Run.load(run_factory("lsfa-0"))
    assert label_indices(run, ["L3", "L0"]) == [3, 0]
    with pytest.raises(WorkbenchError, match="has no label 'L33'"):
        label_indices(run, ["L33"])
