"""Word vectors from text files in GloVe's or word2vec's format, plain or gzipped."""

from __future__ import annotations

import gzip
import logging
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn

from workbench.encoders.vocabulary import PAD_ID
from workbench.errors import WorkbenchError

logger = logging.getLogger(__name__)


def read_vectors(path: Path, words: set[str]) -> dict[str, np.ndarray]:
    """The vectors (E,) float32 of those `words` that the file has; the first line of a repeated word counts.

    Raises:
        WorkbenchError: when the file is missing, is not such a file, or a line breaks the format.
    """
    found: dict[str, np.ndarray] = {}
    size: int | None = None
    for number, line in _lines(path):
        fields = line.rstrip().split(" ")
        if number == 1 and len(fields) == 2:
            continue  # word2vec's header: how many words, how many dimensions
        size = size or len(fields) - 1
        word = " ".join(fields[:-size])  # a few words of the larger GloVe files have spaces in them
        if size < 2 or len(fields) < size + 1:
            raise WorkbenchError(
                _malformed(path, number, f"{len(fields) - 1} numbers where {size} were expected")
            )
        if word in words and word not in found:
            found[word] = _numbers(path, number, fields[-size:])
    if size is None:
        raise WorkbenchError(f"{path} holds no word vectors. Expected lines of a word and its numbers.")
    return found


def fill_embedding(embedding: nn.Embedding, words: list[str], path: Path) -> float:
    """Put the file's vectors into the rows of `words`; returns the share of words that have one.

    Words that the file lacks keep random vectors, scaled to the spread of the file's own.
    """
    found = read_vectors(path, set(words))
    size = next((len(vector) for vector in found.values()), embedding.embedding_dim)
    if size != embedding.embedding_dim:
        raise WorkbenchError(
            f"{path} has vectors of {size} dimensions, but embedding_size is {embedding.embedding_dim}."
            f" Set embedding_size={size}."
        )
    rows = [row for row, word in enumerate(words) if word in found]
    with torch.no_grad():
        if rows:
            vectors = torch.from_numpy(np.stack([found[words[row]] for row in rows]))
            embedding.weight.normal_(0.0, float(vectors.std()))
            embedding.weight[rows] = vectors
        embedding.weight[PAD_ID] = 0.0
    coverage = len(rows) / max(1, len(words) - 2)
    logger.info("%s has vectors for %.1f %% of the vocabulary", path.name, 100 * coverage)
    return coverage


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as file
        ):
            for number, line in enumerate(file, start=1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError) as error:
        raise WorkbenchError(f"Word vectors {path} cannot be read: {error}.") from None
    except UnicodeDecodeError:
        raise WorkbenchError(
            f"{path} is not UTF-8 text. Word vectors are read from GloVe's or word2vec's text format."
        ) from None


def _numbers(path: Path, number: int, fields: list[str]) -> np.ndarray:
    try:
        vector = np.array(fields, dtype=np.float32)
    except ValueError:
        raise WorkbenchError(_malformed(path, number, "something that is not a number")) from None
    if not np.isfinite(vector).all():
        raise WorkbenchError(_malformed(path, number, "a number that is not finite"))
    return vector


def _malformed(path: Path, number: int, what: str) -> str:
    return f"{path}, line {number}: {what}. Expected a word and its numbers, separated by single spaces."
