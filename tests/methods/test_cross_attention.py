"""Tokens compared with labels, and documents weighed by it: plain loops in float64 and numbers by hand."""

from __future__ import annotations

import math

import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods.cross_attention import cross_attention_scores, weighted_document


def _unit(vector):
    length = math.sqrt(sum(x * x for x in vector))
    return [x / max(length, 1e-12) for x in vector]


@pytest.mark.parametrize("reading", ["default", "code", "paper"])
@pytest.mark.parametrize("each_document", [False, True])
def test_scores_are_dot_products_of_tokens_and_labels(reading: str, each_document: bool):
    generator = torch.Generator().manual_seed(0)
    tokens = torch.randn(2, 3, 4, dtype=torch.float64, generator=generator)
    labels = torch.randn(*((2, 5, 4) if each_document else (5, 4)), dtype=torch.float64, generator=generator)
    mask = torch.tensor([[1, 1, 0], [1, 1, 1]])
    scores = cross_attention_scores(tokens, labels, mask, reading)
    for b in range(2):
        for t in range(3):
            for label in range(5):
                x = tokens[b, t].tolist()
                y = (labels[b, label] if each_document else labels[label]).tolist()
                if reading != "paper":
                    x, y = _unit(x), _unit(y)
                expected = sum(p * q for p, q in zip(x, y, strict=True)) if mask[b, t] else 0.0
                assert scores[b, t, label].item() == pytest.approx(expected, abs=1e-12)


def test_readings_by_hand():
    tokens, labels = torch.tensor([[[3.0, 4.0]]]), torch.tensor([[0.0, 2.0]])
    mask = torch.ones(1, 1)
    assert cross_attention_scores(tokens, labels, mask, "paper").item() == pytest.approx(8.0)
    assert cross_attention_scores(tokens, labels, mask).item() == pytest.approx(0.8)
    assert cross_attention_scores(tokens, labels, mask, "code").item() == pytest.approx(0.8)


def test_mistakes_are_named():
    with pytest.raises(WorkbenchError, match="no reading 'printed'"):
        cross_attention_scores(torch.ones(1, 1, 2), torch.ones(1, 2), torch.ones(1, 1), "printed")
    with pytest.raises(WorkbenchError, match="Token states of 2 numbers"):
        cross_attention_scores(torch.ones(1, 1, 2), torch.ones(1, 3), torch.ones(1, 1))


def test_padding_and_zero_vectors_are_finite_in_half_precision():
    tokens = torch.zeros(1, 4, 8, dtype=torch.float16)
    scores = cross_attention_scores(tokens, torch.randn(3, 8).half(), torch.tensor([[1, 1, 0, 0]]))
    assert scores.isfinite().all()


def test_a_document_is_the_weighted_sum_of_its_tokens():
    tokens = torch.tensor([[[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]]])
    weights = torch.tensor([[0.5, -1.0, 7.0]])
    found = weighted_document(weights, tokens, torch.tensor([[1, 1, 0]]))
    assert found.tolist() == [[0.5 - 10, 1 - 20]]
