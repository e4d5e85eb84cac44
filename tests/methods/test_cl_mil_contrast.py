"""What the first stage of CL-MIL trains on: targets, documents that share no label, a batch of both."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import sparse

from workbench.encoders.base import Encoded
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Material
from workbench.methods.cl_mil_contrast import ContrastiveDocuments, LabelDisjoint, target_rows
from workbench.methods.cl_mil_objectives import Contrast

TARGETS = np.array(
    [[1, 0, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=np.uint8
)
"""Six documents, four labels, of 3, 3, 2 and 2 documents."""
DISJOINT = {0: [2, 3, 4], 1: [3, 4], 2: [0, 3, 4], 3: [0, 1, 2, 4], 4: [0, 1, 2, 3, 4, 5], 5: [4]}


class _Numbers:
    """Documents whose only input is their own number."""

    def __init__(self, targets: np.ndarray) -> None:
        self.targets = targets
        self.asked: list[list[int]] = []

    @property
    def lengths(self) -> np.ndarray:
        return np.ones(len(self.targets), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.targets)

    def __getitem__(self, rows: np.ndarray) -> Batch:
        self.asked.append(list(map(int, rows)))
        numbers = torch.from_numpy(np.asarray(rows))
        return Batch({"number": numbers}, torch.from_numpy(self.targets[rows]), numbers)


def _read(inputs: dict[str, torch.Tensor]) -> Encoded:
    return Encoded(torch.eye(6)[inputs["number"]])


def _material(documents: _Numbers) -> Material:
    targets = sparse.csr_array(documents.targets)
    return Material(documents, targets, lambda split: iter(()), Path(), 0)


@pytest.mark.parametrize("document, others", DISJOINT.items())
def test_documents_that_share_no_label_by_hand(document: int, others: list[int]):
    assert LabelDisjoint(sparse.csr_array(TARGETS)).rows(document).tolist() == others


def test_negatives_are_drawn_once_each_with_equal_chances():
    disjoint, generator = LabelDisjoint(sparse.csr_array(TARGETS)), np.random.default_rng(0)
    drawn = [tuple(sorted(disjoint.draw(3, 2, generator))) for _ in range(3000)]
    shares = Counter(drawn)
    assert set(shares) == {(0, 1), (0, 2), (0, 4), (1, 2), (1, 4), (2, 4)}
    assert all(count / 3000 == pytest.approx(1 / 6, abs=0.03) for count in shares.values())
    assert disjoint.draw(5, 3, generator).tolist() == [4]


def test_targets_have_a_label_of_low_frequency():
    targets = sparse.csr_array(TARGETS)
    assert target_rows(targets, np.array([False, False, True, True])).tolist() == [2, 3, 5]
    assert target_rows(targets, np.zeros(4, dtype=bool)).tolist() == []


def test_a_batch_holds_targets_twice_and_what_shares_no_label_with_one_of_them():
    documents = _Numbers(TARGETS)
    contrast = ContrastiveDocuments(_read, np.array([False, False, True, True]), negatives=9)
    examples = contrast.examples(_material(documents))
    assert len(examples) == 3
    forward = contrast.forward(examples[np.array([0, 1])])
    assert documents.asked[-1] == [2, 3, 2, 3, 0, 1, 2, 3, 4]  # all are read at once
    torch.testing.assert_close(forward.anchor, torch.eye(6)[[2, 3]])
    torch.testing.assert_close(forward.positive, torch.eye(6)[[2, 3]])
    torch.testing.assert_close(forward.negatives, torch.eye(6)[[0, 1, 2, 3, 4]])
    assert forward.is_negative.int().tolist() == [[1, 0, 0, 1, 1], [1, 1, 1, 0, 1]]
    # cosines are 1 to the positive and 0 to the negatives, three of one target and four of the other
    expected = (np.log1p(3 * np.exp(-20)) + np.log1p(4 * np.exp(-20))) / 2
    assert Contrast()(forward, examples[np.array([0, 1])]).item() == pytest.approx(expected, abs=1e-7)
    printed = Contrast(Contrast.Settings(reading="paper"))(forward, examples[np.array([0, 1])])
    flat = [np.log(n + n * np.exp(-1 / 20)) for n in (3, 4)]
    assert printed.item() == pytest.approx(sum(flat) / 2, abs=1e-6)


def test_draws_follow_the_seed_of_torch_and_differ_from_batch_to_batch():
    documents = _Numbers(np.vstack([[[1, 0]], *[[[0, 1]]] * 5]).astype(np.uint8))
    contrast = ContrastiveDocuments(_read, np.array([True, False]), negatives=2)
    examples = contrast.examples(_material(documents))

    def drawn(seed: int) -> list[list[int]]:
        torch.manual_seed(seed)
        for _ in range(6):
            contrast.forward(examples[np.array([0])])
        return [asked for asked in documents.asked[-12:] if len(asked) > 1]

    first = drawn(1)
    assert first == drawn(1)
    assert first != drawn(2)
    assert len(set(map(tuple, first))) > 1


def test_a_target_without_any_negative_adds_nothing():
    documents = _Numbers(np.array([[1, 1], [1, 0], [0, 1], [1, 1], [1, 1], [1, 1]], dtype=np.uint8))
    contrast = ContrastiveDocuments(_read, np.array([True, True]), negatives=2)
    examples = contrast.examples(_material(documents))
    forward = contrast.forward(examples[np.array([0, 3])])
    assert len(forward.negatives) == 0
    assert Contrast()(forward, examples[np.array([0, 3])]).item() == 0
    both = contrast.forward(examples[np.array([0, 1])])
    assert both.is_negative.int().tolist() == [[0], [1]]


def test_a_label_on_every_document_is_said_to_leave_nothing_to_contrast():
    documents = _Numbers(np.array([[1, 1], [1, 0], [1, 0]], dtype=np.uint8))
    with pytest.raises(WorkbenchError, match="shares a label with all 1 of those"):
        ContrastiveDocuments(_read, np.array([False, True]), 2).examples(_material(documents))
