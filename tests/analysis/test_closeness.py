"""How near features lie to held-out ones: distances by plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from tests.features import made
from workbench.analysis import closeness
from workbench.analysis.closeness import closeness_summary, closeness_table
from workbench.analysis.tail_features import GENERATED, HELD_OUT, KINDS, PROTOTYPE, TRAINING


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
        monkeypatch.setattr(closeness, "_PAIRS_AT_MOST", pairs)
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
