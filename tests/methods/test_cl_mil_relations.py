"""CL-MIL's relations between labels, by hand and against the metrics' sets."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from workbench.methods.cl_mil_equations import (
    constraint_classes,
    relation_features,
    relation_loss,
    sample_relations,
)
from workbench.metrics.label_relations import constraint_sets, frequent_partners, label_relations

TARGETS = np.array(
    [[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=np.uint8
)
"""Six documents, four labels; label 3 comes with no other."""
FREQUENT = torch.from_numpy(frequent_partners(label_relations(TARGETS)))


def _random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_relation_features_by_hand():
    a, b = torch.tensor([[1.0, -2.0]]), torch.tensor([[3.0, -2.5]])
    assert relation_features(a, b).tolist() == [[1.0, -2.0, 3.0, -2.5, 2.0, 0.5]]


def test_the_relations_of_four_labels_by_hand():
    # M: 0 with 1 twice, with 2 once; 1 with 2 once. Means: 1, 1, 2/3, 0; only above them is frequent.
    assert FREQUENT.int().tolist() == [[0, 1, 0, 0], [1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 0, 0]]
    own = torch.tensor([[1, 0, 1, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    anchor = torch.tensor([0, 2, 3])
    assert constraint_classes(own, anchor, FREQUENT).tolist() == [[-1, 1, 0, 2], [1, 1, -1, 2], [2, 2, 2, -1]]
    alone = constraint_classes(torch.tensor([[0, 1, 1, 0]]), torch.tensor([1]), FREQUENT, "anchor")
    assert alone.tolist() == [[1, -1, 0, 2]]


@pytest.mark.parametrize("reading", ["default", "anchor"])
def test_the_sets_are_those_of_the_metrics_for_every_document_and_anchor(reading: str):
    generator = np.random.default_rng(0)
    targets = (generator.random((40, 7)) < 0.35).astype(np.uint8)
    counts = label_relations(targets)
    document, anchor = map(torch.from_numpy, np.nonzero(targets))
    frequent = torch.from_numpy(frequent_partners(counts))
    found = constraint_classes(torch.from_numpy(targets)[document], anchor, frequent, reading).numpy()
    for row, (d, a) in enumerate(zip(document.tolist(), anchor.tolist(), strict=True)):
        sets = constraint_sets(counts, targets[d], a, reading)
        for number, members in enumerate(sets):
            np.testing.assert_array_equal(found[row] == number, members)
        assert np.flatnonzero(found[row] == -1).tolist() == [a]


@pytest.mark.parametrize("partner", ["balanced", "paper"])
def test_a_is_a_documents_own_and_b_another_drawn_as_often_as_said(partner: str):
    targets = torch.tensor([[1, 0, 1, 0, 0, 0], [0] * 6]).repeat(3000, 1)
    frequent = torch.zeros(6, 6, dtype=torch.bool)
    frequent[0, 1] = True
    generator = torch.Generator().manual_seed(0)
    document, a, b, relation = sample_relations(targets, frequent, "default", partner, generator)
    assert document.tolist() == list(range(0, 6000, 2))
    assert (a != b).all()
    assert set(a.tolist()) == {0, 2}
    assert np.mean(a.numpy() == 0) == pytest.approx(0.5, abs=0.04)
    shares = np.bincount(relation, minlength=3) / len(relation)
    expected = [1 / 3] * 3 if partner == "balanced" else [1 / 5, 1 / 5, 3 / 5]
    np.testing.assert_allclose(shares, expected, atol=0.04)
    assert set(b[relation == 1].tolist()) == {1}
    assert set(b[relation == 2].tolist()) == {3, 4, 5}
    again = sample_relations(targets, frequent, "default", partner, torch.Generator().manual_seed(0))
    assert all(torch.equal(x, y) for x, y in zip(again, (document, a, b, relation), strict=True))


@pytest.mark.parametrize("partner", ["balanced", "paper"])
def test_a_document_with_one_label_or_with_all_has_the_relations_that_are_there(partner: str):
    targets = torch.tensor([[0, 0, 0, 1], [1, 1, 1, 1]]).repeat(50, 1)
    document, a, b, relation = sample_relations(targets, FREQUENT, "default", partner)
    assert len(document) == 100
    assert set(relation[::2].tolist()) == {2}
    assert set(a[::2].tolist()) == {3}
    assert 3 not in b[::2].tolist()
    assert set(relation[1::2].tolist()) == {0}


@pytest.mark.parametrize("targets", [torch.zeros(3, 4), torch.ones(2, 1), torch.zeros(0, 4)])
def test_without_labels_or_with_one_alone_there_is_no_pair_and_no_loss(targets: torch.Tensor):
    pairs = sample_relations(targets, torch.zeros(targets.shape[1], targets.shape[1], dtype=torch.bool))
    assert [len(part) for part in pairs] == [0] * 4
    logits = torch.zeros(0, 3, requires_grad=True)
    loss = relation_loss(logits, pairs[3])
    loss.backward()
    assert loss.item() == 0


def test_the_relation_loss_by_hand():
    logits = torch.tensor([[math.log(2.0), 0.0, 0.0], [0.0, 0.0, math.log(8.0)]])
    expected = (-math.log(2 / 4) - math.log(1 / 10)) / 2
    assert relation_loss(logits, torch.tensor([0, 1])).item() == pytest.approx(expected)
    assert relation_loss(logits.half(), torch.tensor([0, 1])).dtype == torch.float32
