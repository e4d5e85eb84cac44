"""A transformer that says labels one after another: all steps at once to learn, one at a time to search.

Source: "Attention Is All You Need" (2017), section 3. The next label is found by comparison with the labels'
own tokens.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.methods.sequence_decoder import Step


class DecoderLayer(nn.Module):
    """Attention to what was said, attention to the document, two linear layers; a norm behind each."""

    def __init__(self, size: int, heads: int, dropout: float) -> None:
        super().__init__()
        self.heads = heads
        self.said, self.said_out = nn.Linear(size, 3 * size), nn.Linear(size, size)
        self.asked, self.read = nn.Linear(size, size), nn.Linear(size, 2 * size)
        self.read_out = nn.Linear(size, size)
        self.wide = nn.Sequential(nn.Linear(size, 4 * size), nn.GELU(), nn.Linear(4 * size, size))
        self.norms = nn.ModuleList(nn.LayerNorm(size) for _ in range(3))
        self.dropout = nn.Dropout(dropout)

    def forward(
        self, words: Tensor, past: Tensor | None, document: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """New words (P, S, H) behind those of `past`, for B documents with P / B rows each, in their order.

        Shapes: past (P, heads, S', 2 H / heads), keys and values of earlier words; document (B, heads, T,
        2 H / heads), mask (B, T) -> (states (P, S, H), past with the new words).
        """
        asked, told = self.said(words).split([words.shape[2], 2 * words.shape[2]], dim=2)
        own = self._parted(told)
        whole = own if past is None else torch.cat([past, own], dim=2)
        heard = self._attend(asked, whole, None, is_causal=past is None)
        words = self.norms[0](words + self.dropout(self.said_out(heard)))
        rows = self.asked(words).reshape(len(document), -1, words.shape[2])
        found = self._attend(rows, document, mask[:, None, None]).reshape(words.shape)
        words = self.norms[1](words + self.dropout(self.read_out(found)))
        return self.norms[2](words + self.dropout(self.wide(words))), whole

    def document(self, memory: Tensor) -> Tensor:
        """Keys and values of a document's states (B, T, H) -> (B, heads, T, 2 H / heads)."""
        return self._parted(self.read(memory))

    def _parted(self, both: Tensor) -> Tensor:
        """Keys and values (P, S, 2 H) by head: (P, heads, S, 2 H / heads)."""
        keys, values = (part.unflatten(2, (self.heads, -1)).transpose(1, 2) for part in both.chunk(2, dim=2))
        return torch.cat([keys, values], dim=3)

    def _attend(self, asked: Tensor, both: Tensor, mask: Tensor | None, is_causal: bool = False) -> Tensor:
        queries = asked.unflatten(2, (self.heads, -1)).transpose(1, 2)
        keys, values = both.chunk(2, dim=3)
        drop = self.dropout.p if self.training else 0.0
        found = functional.scaled_dot_product_attention(
            queries, keys, values, attn_mask=mask, dropout_p=drop, is_causal=is_causal
        )
        return found.transpose(1, 2).flatten(2)


class LabelDecoder(nn.Module):
    """From what was said and a document's states to logits of the next label, or the end."""

    def __init__(self, n_labels: int, size: int, heads: int, layers: int, dropout: float) -> None:
        """Tokens of L labels, end and beginning, (L + 2, H); `heads` at most, what divides H."""
        super().__init__()
        self.tokens = nn.Parameter(torch.empty(n_labels + 2, size))
        nn.init.normal_(self.tokens, std=size**-0.5)
        self.bias = nn.Parameter(torch.zeros(n_labels + 1))
        parts = math.gcd(size, heads)
        self.layers = nn.ModuleList(DecoderLayer(size, parts, dropout) for _ in range(layers))
        self.dropout = nn.Dropout(dropout)

    def forward(self, told: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        """Logits (B, S, L + 1) behind each of told (B, S), which see nothing later; memory (B, T, H)."""
        words = self._words(told, 0, memory)
        for layer in self._layers():
            words, _ = layer(words, None, layer.document(memory), mask)
        return self._logits(words)

    def stepper(self, memory: Tensor, mask: Tensor) -> Step:
        """The same for a beam, step by step, computing each word once; memory (B, T, H), mask (B, T)."""
        documents = [layer.document(memory) for layer in self._layers()]
        pasts: list[Tensor | None] = [None] * len(documents)

        def step(said: Tensor, parent: Tensor) -> Tensor:
            first = torch.arange(len(parent), device=parent.device).unsqueeze(1) * parent.shape[1]
            rows = (first + parent).flatten()
            words = self._words(said[:, :, -1].reshape(-1, 1), said.shape[2] - 1, memory)
            for number, layer in enumerate(self._layers()):
                past = pasts[number]
                earlier = None if past is None else past[rows]
                words, pasts[number] = layer(words, earlier, documents[number], mask)
            return self._logits(words).view(*parent.shape, -1)

        return step

    def _layers(self) -> list[DecoderLayer]:
        return [layer for layer in self.layers if isinstance(layer, DecoderLayer)]

    def _words(self, said: Tensor, place: int, like: Tensor) -> Tensor:
        size = self.tokens.shape[1]
        places = positions(place + said.shape[1], size, like)[place:]
        return self.dropout(self.tokens[said] * size**0.5 + places)

    def _logits(self, words: Tensor) -> Tensor:
        return words @ self.tokens[:-1].T + self.bias


def positions(length: int, size: int, like: Tensor) -> Tensor:
    """Sines and cosines of places (S, H) (section 3.5), on the device and in the precision of `like`."""
    place = torch.arange(length, device=like.device).unsqueeze(1)
    rate = torch.exp(torch.arange(0, size, 2, device=like.device) * (-math.log(10_000) / size))
    angles = place * rate
    return torch.stack([angles.sin(), angles.cos()], dim=2).flatten(1)[:, :size].to(like.dtype)
