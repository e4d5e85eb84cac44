"""LACO's equations against plain loops in float64 and numbers by hand."""

from __future__ import annotations

import math
from collections import Counter

import pytest
import torch

from workbench.methods.laco_equations import (
    conditional_loss,
    given_features,
    pair_features,
    pair_loss,
    sample_given,
    sample_pairs,
)

TARGETS = torch.tensor(
    [
        [1, 1, 1, 0, 0],  # three of five
        [0, 0, 1, 0, 0],  # one: negatives only
        [0, 0, 0, 0, 0],  # none: nothing
        [1, 1, 1, 1, 1],  # all: a positive only
        [1, 1, 1, 1, 0],  # one other label: one negative
    ],
    dtype=torch.uint8,
)


def test_pairs_are_what_they_say():
    generator = torch.Generator().manual_seed(0)
    for _ in range(50):
        document, first, second, is_pair = sample_pairs(TARGETS, 2, generator)
        assert (first != second).all()
        both = TARGETS[document, first] + TARGETS[document, second]
        assert both[is_pair].tolist() == [2] * 3
        assert both[~is_pair].tolist() == [1] * 5
        assert Counter(document[is_pair].tolist()) == {0: 1, 3: 1, 4: 1}
        assert Counter(document[~is_pair].tolist()) == {0: 2, 1: 2, 4: 1}
        for row in range(5):
            places = (document == row) & ~is_pair
            other = [
                int(b if TARGETS[row, a] else a) for a, b in zip(first[places], second[places], strict=True)
            ]
            assert len(set(other)) == len(other)


def test_pairs_are_drawn_with_equal_chances_in_either_order():
    generator = torch.Generator().manual_seed(1)
    positives: Counter[tuple[int, int]] = Counter()
    negatives: Counter[tuple[int, int]] = Counter()
    targets = torch.tensor([[1, 1, 1, 0, 0]]).repeat(3000, 1)
    _, first, second, is_pair = sample_pairs(targets, 1, generator)
    for a, b, together in zip(first.tolist(), second.tolist(), is_pair.tolist(), strict=True):
        (positives if together else negatives)[a, b] += 1
    assert set(positives) == {(a, b) for a in range(3) for b in range(3) if a != b}
    assert set(negatives) == {(a, b) for a in range(5) for b in range(5) if (a < 3) != (b < 3)}
    for counts in (positives, negatives):
        expected = 3000 / len(counts)
        assert all(abs(count - expected) < 5 * math.sqrt(expected) for count in counts.values())


def test_a_seed_gives_the_same_pairs_and_the_next_draw_others():
    def drawn(generator):
        return torch.stack([part.long() for part in sample_pairs(TARGETS, 2, generator)])

    one, other = torch.Generator().manual_seed(3), torch.Generator().manual_seed(3)
    assert torch.equal(drawn(one), drawn(other))
    later = drawn(one)
    assert not torch.equal(later, drawn(torch.Generator().manual_seed(3)))


@pytest.mark.parametrize("shape", [(0, 4), (3, 1), (1, 2)])
def test_few_documents_or_labels_give_few_pairs(shape):
    document, first, second, is_pair = sample_pairs(torch.ones(shape), 2)
    expected = shape[0] if shape[1] > 1 else 0
    assert [len(part) for part in (document, first, second, is_pair)] == [expected] * 4
    assert is_pair.all()


@pytest.mark.parametrize("s, expected", [(1, [1, 0, 0, 1, 1]), (2, [2, 0, 0, 2, 2]), (9, [2, 0, 0, 4, 3])])
def test_given_labels_are_the_documents_own_and_one_is_always_left(s, expected):
    generator = torch.Generator().manual_seed(0)
    for _ in range(20):
        given = sample_given(TARGETS, s, generator)
        assert given.sum(dim=1).tolist() == expected
        assert not (given & ~TARGETS.bool()).any()


def test_given_labels_are_drawn_with_equal_chances():
    targets = torch.tensor([[1, 0, 1, 1]]).repeat(3000, 1)
    counts = sample_given(targets, 1, torch.Generator().manual_seed(0)).sum(dim=0)
    assert counts[1] == 0
    assert (counts[[0, 2, 3]] - 1000).abs().max() < 5 * math.sqrt(1000)


def test_features_of_pairs_and_of_given_labels_by_hand():
    labels = torch.tensor([[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]])
    pairs = pair_features(labels, torch.tensor([0, 1]), torch.tensor([2, 1]), torch.tensor([0, 2]))
    assert pairs.tolist() == [[5, 6, 1, 2], [1, 1, 2, 2]]
    given = torch.tensor([[True, False, True], [False, False, False]])
    assert given_features(labels, given).tolist() == [[3, 4], [0, 0]]
    shared = labels[0]
    assert pair_features(shared, torch.tensor([1]), torch.tensor([0]), torch.tensor([1])).tolist() == [
        [1, 2, 3, 4]
    ]
    assert given_features(shared, given).tolist() == [[3, 4], [0, 0]]


def _bce(logit: float, target: float) -> float:
    p = 1 / (1 + math.exp(-logit))
    return -(target * math.log(p) + (1 - target) * math.log(1 - p))


def test_the_loss_of_pairs_is_their_mean():
    logits, is_pair = [0.3, -1.2, 2.0], [1, 0, 0]
    expected = sum(map(_bce, logits, is_pair)) / 3
    assert pair_loss(torch.tensor(logits), torch.tensor(is_pair)).item() == pytest.approx(expected)
    nothing = pair_loss(torch.zeros(0, requires_grad=True), torch.zeros(0, dtype=torch.bool))
    assert nothing.item() == 0
    nothing.backward()


def test_the_loss_of_other_labels_leaves_out_the_given_ones_and_documents_without():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(5, 5, dtype=torch.float64, generator=generator)
    given = sample_given(TARGETS, 2, generator)
    expected, documents = 0.0, 0
    for row in range(5):
        if given[row].any():
            documents += 1
            for label in range(5):
                if not given[row, label]:
                    expected += _bce(logits[row, label].item(), TARGETS[row, label].item())
    assert documents == 3
    assert conditional_loss(logits, TARGETS, given).item() == pytest.approx(expected / 3)
    none = torch.zeros_like(given)
    assert conditional_loss(logits, TARGETS, none).item() == 0


def test_losses_of_half_precision_are_exact():
    assert pair_loss(torch.tensor([40.0]).half(), torch.tensor([0])).item() == pytest.approx(40)
    loss = conditional_loss(
        torch.full((1, 3), 40.0).half(), torch.tensor([[1, 0, 0]]), torch.tensor([[True, False, False]])
    )
    assert loss.dtype == torch.float32
    assert loss.item() == pytest.approx(80)
