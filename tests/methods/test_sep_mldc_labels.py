"""Which labels a step of SEP-MLDC encodes anew."""

from __future__ import annotations

import pytest
import torch

from workbench.encoders import build_encoder
from workbench.methods.sep_mldc_equations import draw_labels
from workbench.methods.sep_mldc_labels import unknown_labels_note


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


@pytest.mark.parametrize(("unknown", "said"), [(0, 0), (1, 0), (2, 1)])
def test_labels_that_the_encoder_knows_no_word_of_are_said(unknown: int, said: int):
    settings = {"filters": 4, "embedding_size": 6, "min_count": 1}
    encoder = build_encoder("cnn", settings=settings, train_texts=["waves and steel", "loss of steel"])
    texts = ["steel", "loss of xylem", *["7937.0", "ux8"][:unknown]]
    notes = unknown_labels_note(encoder, texts)
    assert len(notes) == said
    if said:
        assert "no word of the texts of 2 labels" in notes[0]
        assert "minilm" in notes[0]
