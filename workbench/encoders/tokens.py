"""Texts as token ids: tokenised once, held compactly, cut into padded batches."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import islice

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from workbench.encoders.base import Inputs

CHUNK = 4096
"""Texts handed to the tokenizer at once: enough for its threads, little enough for memory."""


class TokenTable:
    """Token ids of N documents in one flat array: four bytes a token, whatever the lengths."""

    def __init__(self, flat: np.ndarray, offsets: np.ndarray, pad_id: int = 0) -> None:
        """Hold `flat` (all tokens,), `offsets` (N + 1,): document i is `flat[offsets[i]:offsets[i + 1]]`."""
        self.flat = np.ascontiguousarray(flat, dtype=np.int32)
        self.offsets = np.ascontiguousarray(offsets, dtype=np.int64)
        self.pad_id = pad_id

    @classmethod
    def from_lists(cls, documents: Sequence[Sequence[int]], pad_id: int = 0) -> TokenTable:
        """Build from one sequence of ids per document."""
        offsets = np.zeros(len(documents) + 1, dtype=np.int64)
        np.cumsum([len(ids) for ids in documents], out=offsets[1:])
        parts = [np.asarray(ids, dtype=np.int32) for ids in documents]
        return cls(np.concatenate(parts) if parts else np.empty(0, np.int32), offsets, pad_id)

    @property
    def lengths(self) -> np.ndarray:
        """(N,) tokens per document after truncation."""
        return np.diff(self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, row: int) -> np.ndarray:
        """The token ids of one document."""
        return self.flat[self.offsets[row] : self.offsets[row + 1]]

    def batch(self, rows: Sequence[int] | np.ndarray) -> Inputs:
        """`input_ids` and `attention_mask`, both int64 (B, T), padded on the right to the longest row."""
        documents = [self[int(row)] for row in rows]
        lengths = np.array([len(document) for document in documents], dtype=np.int64)
        mask = np.arange(lengths.max(initial=0)) < lengths[:, None]
        ids = np.full(mask.shape, self.pad_id, dtype=np.int64)
        if documents:
            ids[mask] = np.concatenate(documents)
        return {"input_ids": torch.from_numpy(ids), "attention_mask": torch.from_numpy(mask.astype(np.int64))}


def tokenize(
    tokenizer: Tokenizer, texts: Sequence[str], *, max_length: int, pad_id: int, empty_id: int
) -> TokenTable:
    """Tokenise on all cores, cut to `max_length`; a text without tokens becomes the one token `empty_id`."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    parts: list[np.ndarray] = []
    lengths: list[int] = []
    for chunk in _chunks(texts):
        ids = [encoding.ids or [empty_id] for encoding in _encode(tokenizer, chunk)]
        lengths.extend(len(row) for row in ids)
        parts.append(np.fromiter((token for row in ids for token in row), dtype=np.int32))
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return TokenTable(np.concatenate(parts) if parts else np.empty(0, np.int32), offsets, pad_id)


def token_spans(tokenizer: Tokenizer, texts: Sequence[str], *, max_length: int) -> list[NDArray[np.int64]]:
    """Where the tokens of `tokenize` stand in each text: characters from, to (T, 2)."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_length)
    encodings = tokenizer.encode_batch([encodable(text) for text in texts])  # the fast one keeps no places
    return [np.array(encoding.offsets or [(0, 0)], dtype=np.int64) for encoding in encodings]


def encodable(text: str) -> str:
    """The text with `?` for lone surrogates, which broken JSON escapes leave and no tokenizer takes."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _chunks(texts: Sequence[str]) -> Iterator[list[str]]:
    stream = iter(texts)
    while chunk := list(islice(stream, CHUNK)):
        yield chunk


def _encode(tokenizer: Tokenizer, chunk: list[str]) -> list[Encoding]:
    try:
        return tokenizer.encode_batch_fast(chunk)
    except TypeError:
        return tokenizer.encode_batch_fast([encodable(text) for text in chunk])
