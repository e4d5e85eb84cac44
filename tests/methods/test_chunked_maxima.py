"""Maxima in chunks: by plain loops, beside torch's adaptive pooling, and in the corners."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from workbench.methods.chunked_maxima import chunked_maxima

LENGTHS = [9, 4, 3, 1, 0]


def _case(dtype=torch.float64):
    tokens = torch.randn(len(LENGTHS), 9, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    mask = torch.arange(9) < torch.tensor(LENGTHS).unsqueeze(1)
    return tokens.to(dtype), mask


@pytest.mark.parametrize("chunks", [1, 2, 4, 9, 12])
def test_each_chunk_has_its_largest_values(chunks: int):
    tokens, mask = _case()
    found = chunked_maxima(tokens, mask, chunks)
    assert found.shape == (5, chunks, 3)
    for b, n in enumerate(LENGTHS):
        for i in range(chunks):
            words = range(math.floor(i * n / chunks), math.ceil((i + 1) * n / chunks))
            assert len(words) > 0 or n == 0
            for h in range(3):
                assert float(found[b, i, h]) == max((float(tokens[b, t, h]) for t in words), default=0.0)


@pytest.mark.parametrize("chunks", [1, 2, 5])
def test_it_pools_each_document_as_torch_pools_one_alone(chunks: int):
    tokens, mask = _case()
    found = chunked_maxima(tokens, mask, chunks)
    for b, n in enumerate(LENGTHS[:-1]):
        alone = functional.adaptive_max_pool1d(tokens[b, :n].t(), chunks)
        torch.testing.assert_close(found[b], alone.t())


@pytest.mark.parametrize("chunks", [1, 2, 4, 32])
def test_padding_on_either_side_changes_nothing(chunks: int):
    tokens, mask = _case()
    expected = chunked_maxima(tokens, mask, chunks)
    for sides in [(0, 20), (7, 0), (3, 3)]:
        longer = functional.pad(tokens, (0, 0, *sides), value=100.0)
        torch.testing.assert_close(chunked_maxima(longer, functional.pad(mask, sides), chunks), expected)


def test_words_with_a_gap_between_them_are_as_words_side_by_side():
    tokens, _ = _case()
    mask = torch.tensor([[0, 1, 0, 0, 1, 1, 0, 1, 0]]).bool()
    apart = chunked_maxima(tokens[:1], mask, 2)
    beside = chunked_maxima(tokens[:1, mask[0]], torch.ones(1, 4, dtype=torch.bool), 2)
    torch.testing.assert_close(apart, beside)


def test_only_the_largest_words_learn():
    tokens, mask = _case()
    tokens.requires_grad_()
    (gradient,) = torch.autograd.grad(chunked_maxima(tokens, mask, 3).sum(), tokens)
    assert gradient.sum().item() == pytest.approx(4 * 3 * 3)  # documents with words, chunks, features
    assert (gradient[~mask] == 0).all()
    assert torch.isfinite(gradient).all()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_picks_the_same_words(dtype):
    tokens, mask = _case(dtype)
    found = chunked_maxima(tokens, mask, 2)
    assert found.dtype == dtype
    torch.testing.assert_close(found.double(), chunked_maxima(tokens.double(), mask, 2))


def test_a_batch_without_any_word_is_zero():
    assert chunked_maxima(torch.ones(2, 3, 4), torch.zeros(2, 3), 2).tolist() == torch.zeros(2, 2, 4).tolist()
    assert chunked_maxima(torch.ones(2, 0, 4), torch.zeros(2, 0), 2).tolist() == torch.zeros(2, 2, 4).tolist()
