from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis.label_relations import (
    CLASSES,
    class_shares,
    document_sets,
    relation_table,
    relations,
)
from workbench.metrics import constraint_sets, label_relations, mean_relations

NAMES = ["ant", "bee", "cat", "dog"]
# ant with bee in documents 0 and 1, ant with cat in 2, cat with dog in 3 and 4; 5 is dog's alone, 6 has none.
DOCUMENTS = sparse.csr_array(
    np.array(
        [[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0]],
        np.uint8,
    )
)


def test_a_label_beside_all_others_by_hand():
    table = relation_table(relations(DOCUMENTS), 0, NAMES)
    assert table.columns.tolist() == [
        "label",
        "documents",
        "together",
        "frequent",
        "related",
        "weak",
        "contradicting",
    ]
    # ant's average is (2 + 1 + 0) / 3 = 1: bee is frequent, cat at the average is not. dog is frequent with
    # cat, which document 2 has.
    assert table.values.tolist() == [
        ["bee", 2, 2, True, 2, 1, 0],
        ["cat", 3, 1, False, 1, 0, 2],
        ["dog", 3, 0, False, 0, 1, 2],
    ]
    alone = relation_table(relations(DOCUMENTS), 0, NAMES, "anchor")
    assert alone[["weak", "contradicting"]].values.tolist() == [[1, 0], [0, 2], [0, 3]]
    assert relations(DOCUMENTS).average(0) == 1.0


@pytest.mark.parametrize("reading", ["default", "anchor"])
def test_tables_shares_and_sets_follow_from_every_documents_sets(reading):
    targets = (np.random.default_rng(3).random((50, 7)) < 0.3).astype(np.uint8)
    targets[:2] = [[0] * 7, [1] * 7]
    names = [f"label {number}" for number in range(7)]
    found, counts = relations(sparse.csr_array(targets)), label_relations(targets)
    np.testing.assert_allclose([found.average(label) for label in range(7)], mean_relations(counts))
    shares = []
    for row in np.flatnonzero(targets.any(axis=1)):
        own = np.flatnonzero(targets[row])
        sets = {label: constraint_sets(counts, targets[row], label, reading) for label in own}
        shares.append(np.mean([[mask.mean() * 7 / 6 for mask in one] for one in sets.values()], axis=0))
        for label, masks in sets.items():
            shown = document_sets(found, row, label, reading)
            for kind, mask in zip(CLASSES, masks, strict=True):
                assert set(shown[kind]) == set(np.flatnonzero(mask))
                assert (np.diff(counts[label][shown[kind]]) <= 0).all()
    np.testing.assert_allclose(list(class_shares(found, reading).values()), np.mean(shares, axis=0))
    for label in range(7):
        table = relation_table(found, label, names, reading).set_index("label")
        masks = [
            constraint_sets(counts, targets[row], label, reading) for row in np.flatnonzero(targets[:, label])
        ]
        summed = np.sum([[mask.astype(int) for mask in one] for one in masks], axis=0)
        for other in set(range(7)) - {label}:
            assert table.loc[names[other], list(CLASSES)].tolist() == summed[:, other].tolist()
            assert table.loc[names[other], "frequent"] == (counts[label, other] > found.average(label))


def test_labels_and_documents_that_are_alone():
    one = relations(sparse.csr_array(np.array([[1], [0]], np.uint8)))
    assert one.average(0) == 0.0
    assert relation_table(one, 0, ["ant"]).empty
    assert all(map(math.isnan, class_shares(one).values()))
    empty = relations(sparse.csr_array((3, 4), dtype=np.uint8))
    assert relation_table(empty, 0, NAMES)[list(CLASSES)].to_numpy().sum() == 0
    assert all(map(math.isnan, class_shares(empty).values()))
