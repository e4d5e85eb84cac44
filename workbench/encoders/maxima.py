"""Maxima over time of a convolution, trained through the windows that won and no others.

Each feature of a document comes from one window of words. A convolution's own backward pass multiplies
by all windows, nearly all of them with a gradient of zero; gathering the winners instead makes a training
step on a CPU about twice as fast (benchmarks/maxima.py). The gradient is the same.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor
from torch.nn import functional


def window_maxima(words: Tensor, weight: Tensor, bias: Tensor | None, valid: Tensor) -> Tensor:
    """The largest response of each filter among the `valid` windows of each document, before any ReLU.

    Shapes: words (B, P, E), weight (F, E, width), bias (F,), valid (B, P - width + 1) -> (B, F). Every
    document needs one valid window. Of equal responses the first is trained on a CPU, all of them elsewhere.
    Can be differentiated twice.
    """
    if words.device.type != "cpu":
        return _responses(words, weight, bias, valid).amax(dim=2)
    best: Tensor = _WindowMaxima.apply(words, weight, bias, valid)
    return best


def _responses(words: Tensor, weight: Tensor, bias: Tensor | None, valid: Tensor) -> Tensor:
    responses = functional.conv1d(words.transpose(1, 2), weight, bias)  # (B, F, windows)
    return responses.masked_fill(~valid.unsqueeze(1), -torch.inf)


class _WindowMaxima(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, words: Tensor, weight: Tensor, bias: Tensor | None, valid: Tensor) -> Tensor:
        best, window = _responses(words, weight, bias, valid).max(dim=2)
        ctx.save_for_backward(words, weight, window)
        return best

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor | None, ...]:
        words, weight, window = ctx.saved_tensors
        if not torch.is_grad_enabled():  # a bag of vectors that want no gradient is quicker
            words, weight = words.detach(), weight.detach()
        needs_words, needs_weight, needs_bias, _ = ctx.needs_input_grad
        gradient = gradient.to(weight.dtype)
        place = _places(window, words.shape[1], weight.shape[2])
        return (
            _gradient_of_words(gradient, words, weight, place) if needs_words else None,
            _gradient_of_weight(gradient, words, weight, place) if needs_weight else None,
            gradient.sum(dim=0) if needs_bias else None,
            None,
        )


def _places(window: Tensor, positions: int, width: int) -> Tensor:
    """Rows of the flattened words that the winning windows cover: window (B, F) -> (B, F, width)."""
    documents = torch.arange(len(window), device=window.device).view(-1, 1, 1)
    return documents * positions + window.unsqueeze(2) + torch.arange(width, device=window.device)


def _gradient_of_weight(gradient: Tensor, words: Tensor, weight: Tensor, place: Tensor) -> Tensor:
    """(F, E, width): per filter and offset the words that it won with, weighted by the gradient (B, F)."""
    filters, size, width = weight.shape
    rows = place.permute(1, 2, 0).reshape(filters * width, -1)  # a bag of B words for each filter and offset
    factors = gradient.t().unsqueeze(1).expand(-1, width, -1).reshape(rows.shape)
    sums = functional.embedding_bag(rows, words.reshape(-1, size), per_sample_weights=factors, mode="sum")
    return sums.view(filters, width, size).transpose(1, 2)


def _gradient_of_words(gradient: Tensor, words: Tensor, weight: Tensor, place: Tensor) -> Tensor:
    """(B, P, E): for each word, the filters' columns that it won under, weighted by the gradient (B, F)."""
    filters, size, width = weight.shape
    columns = torch.arange(filters * width, device=place.device).view(filters, width).expand_as(place)
    where, order = place.flatten().sort(stable=True)  # words that won nothing are empty bags
    starts = torch.searchsorted(where, torch.arange(words.shape[0] * words.shape[1] + 1, device=place.device))
    sums = functional.embedding_bag(
        columns.flatten()[order],
        weight.transpose(1, 2).reshape(-1, size),
        starts,
        per_sample_weights=gradient.unsqueeze(2).expand_as(place).flatten()[order],
        mode="sum",
        include_last_offset=True,
    )
    return sums.view(words.shape)
