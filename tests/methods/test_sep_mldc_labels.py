"""Which labels a step of SEP-MLDC encodes anew."""

from __future__ import annotations

import torch

from workbench.methods.sep_mldc_equations import draw_labels


def test_a_step_encodes_the_labels_of_its_documents_first():
    targets = torch.zeros(2, 50, dtype=torch.uint8)
    targets[0, [3, 7]] = 1
    targets[1, [7, 40]] = 1
    seen: set[int] = set()
    for seed in range(200):
        drawn = draw_labels(targets, 6, torch.Generator().manual_seed(seed)).tolist()
        assert len(set(drawn)) == 6
        assert drawn == sorted(drawn)
        assert {3, 7, 40} <= set(drawn)
        seen |= set(drawn)
    assert len(seen) == 50  # every other one in its turn
    few = [draw_labels(targets, 2, torch.Generator().manual_seed(seed)) for seed in range(40)]
    assert {tuple(drawn.tolist()) for drawn in few} == {(3, 7), (3, 40), (7, 40)}


def test_all_labels_are_encoded_where_there_are_no_more():
    targets = torch.zeros(2, 5, dtype=torch.uint8)
    for most in (5, 128):
        assert draw_labels(targets, most).tolist() == [0, 1, 2, 3, 4]
