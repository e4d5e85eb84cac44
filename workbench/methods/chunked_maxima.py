"""Maxima over time in chunks: where in a document something stands is not lost altogether.

Source: "Deep Learning for Extreme Multi-label Text Classification" (2017), dynamic max pooling.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional


def chunked_maxima(tokens: Tensor, mask: Tensor, chunks: int) -> Tensor:
    """The largest value of each feature in each of the chunks that a document's words are cut into.

    Each document is cut by its own number of words n, so that padding changes nothing: chunk i of p goes
    from word floor(i n / p) to before word ceil((i + 1) n / p). Neighbours share a word where p does not
    divide n, and no chunk is empty. A document without words is zero.
    Shapes: tokens (B, T, H), mask (B, T) -> (B, chunks, H).
    """
    if not tokens.shape[1]:
        return tokens.new_zeros(len(tokens), chunks, tokens.shape[2])
    places, inside = _chunk_words(mask.bool(), chunks)
    windows = functional.embedding(places, tokens.flatten(0, 1))  # (B, chunks, W, H)
    best = windows.masked_fill(~inside.unsqueeze(-1), -torch.inf).amax(dim=2)
    return best.masked_fill(~inside.any(dim=2).unsqueeze(-1), 0.0)


def _chunk_words(mask: Tensor, chunks: int) -> tuple[Tensor, Tensor]:
    """The words of each chunk as rows of all tokens (B T), and which of them count: both (B, chunks, W)."""
    rows, length = mask.shape
    words = mask.sum(dim=1, keepdim=True)  # (B, 1)
    chunk = torch.arange(chunks, device=mask.device)
    start = chunk * words // chunks
    end = ((chunk + 1) * words + chunks - 1) // chunks
    widest = min(length, (length + chunks - 1) // chunks + 1)
    word = start.unsqueeze(-1) + torch.arange(widest, device=mask.device)
    inside = word < end.unsqueeze(-1)
    order = (~mask).to(torch.uint8).argsort(dim=1, stable=True)  # real words first, in their order
    place = order.gather(1, word.clamp(max=length - 1).flatten(1)).view(word.shape)
    return place + length * torch.arange(rows, device=mask.device).view(-1, 1, 1), inside
