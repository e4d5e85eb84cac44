"""Labels in parts: the same numbers and gradients, and nothing of all labels kept."""

from __future__ import annotations

import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods import label_parts
from workbench.methods.label_parts import in_label_parts, part_size, require_label_room


def _scores(rows, vectors, offsets):
    return (rows @ vectors.t()).relu().sqrt() + offsets


def test_parts_give_the_numbers_and_gradients_of_the_whole(monkeypatch):
    generator = torch.Generator().manual_seed(0)
    rows = torch.rand(3, 4, generator=generator, dtype=torch.float64)
    leaves = [torch.rand(7, 4, generator=generator, dtype=torch.float64), torch.arange(7.0).double()]
    for leaf in [rows, *leaves]:
        leaf.requires_grad_()
    calls = []

    def of(vectors, offsets):
        calls.append(len(vectors))
        return _scores(rows, vectors, offsets)

    expected = _scores(rows, *leaves)
    gradients = torch.autograd.grad(expected.square().sum(), [rows, *leaves])
    monkeypatch.setattr(label_parts, "MOST_KEPT", 9)
    found = in_label_parts(of, leaves, 3)  # nine numbers hold three labels
    torch.testing.assert_close(found, expected)
    assert calls == [3, 3, 1]
    torch.testing.assert_close(torch.autograd.grad(found.square().sum(), [rows, *leaves]), gradients)
    assert len(calls) == 6  # each part a second time on the way back


def test_what_fits_is_taken_at_once():
    calls = []
    in_label_parts(lambda vectors: calls.append(len(vectors)) or vectors, [torch.ones(5, 2)], 1)
    assert calls == [5]


def test_at_least_one_is_taken():
    assert part_size(label_parts.MOST_KEPT * 2) == 1
    assert part_size(0) == label_parts.MOST_KEPT


def test_labels_without_room_are_refused_with_the_memory(monkeypatch):
    needed = 4 * 1_000_000 * (4 * 500 + 6 * 32)  # weights as Adam keeps them, scores of 32 documents
    monkeypatch.setattr(label_parts, "free_main_memory", lambda: needed)
    require_label_room("lsan", 1_000_000, 500)
    monkeypatch.setattr(label_parts, "free_main_memory", lambda: needed - 1)
    with pytest.raises(
        WorkbenchError, match=r"lsan .*500 weights.*1,000,000 labels.*8\.8 GB.*8\.8 GB are free"
    ):
        require_label_room("lsan", 1_000_000, 500)
