from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy import sparse

from workbench.analysis.frequency_kinds import COMBINATIONS, frequency_kinds, group_bounds
from workbench.metrics import frequency_groups

COUNTS = np.array([500, 100, 99, 20, 19, 1, 0])
"""Two head, two mid and two tail labels by the usual bounds, and one that training never shows."""


@pytest.mark.parametrize("head, mid, tail", list(product([0, 1], repeat=3)))
def test_each_combination_by_hand(head, mid, tail):
    labels = [0] * head + [3] * mid + [4] * tail
    gold = np.zeros((1, 7), dtype=np.uint8)
    gold[0, labels] = 1
    (kind,) = frequency_kinds(sparse.csr_array(gold), COUNTS, group_bounds("usual", 1000))
    if labels:
        assert kind.startswith(f"[{head},{mid},{tail}] ")
        assert [name in kind for name in ("head", "mid", "tail")] == [bool(one) for one in (head, mid, tail)]
    else:
        assert kind == "no gold label"


def test_bounds_are_the_usual_groups_and_unseen_labels_are_tail():
    gold = sparse.csr_array(np.eye(7, dtype=np.uint8))
    kinds = frequency_kinds(gold, COUNTS, group_bounds("usual", 1000))
    groups = {label: group for group, labels in frequency_groups(COUNTS).items() for label in labels}
    expected = ["tail" if groups[label] == "unseen" else groups[label] for label in range(7)]
    assert [kind.split("] ")[1] for kind in kinds] == expected
    assert list(kinds.categories) == list(COMBINATIONS.values())


@pytest.mark.parametrize(
    "documents, bounds", [(53_840, (3000, 1000)), (5_384, (300, 100)), (240, (14, 5)), (3, (1, 1))]
)
def test_the_papers_bounds_are_a_share_of_the_training_documents(documents, bounds):
    assert group_bounds("paper", documents) == bounds


def test_no_document_has_no_kind():
    assert len(frequency_kinds(sparse.csr_array((0, 7), dtype=np.uint8), COUNTS, (100, 20))) == 0
