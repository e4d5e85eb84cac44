"""Word vectors from a file in the rows of an embedding."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np
import torch
from torch import nn

from workbench.data.word_vectors import read_vectors
from workbench.encoders.vocabulary import PAD_ID
from workbench.errors import WorkbenchError

logger = logging.getLogger(__name__)


def fill_embedding(embedding: nn.Embedding, words: list[str], path: Path, std: float | None = None) -> float:
    """Put the file's vectors into the rows of `words`; returns the share of words that have one.

    Where `std` is given, they are scaled so that their numbers have this standard deviation: files differ by
    a factor of ten in it, and encoders in what they learn from. Words that the file lacks keep random vectors
    of the same spread.
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
            if std is not None and vectors.any():
                vectors = vectors * (std / vectors.std())
            embedding.weight.normal_(0.0, float(vectors.std()))
            embedding.weight[rows] = vectors
        embedding.weight[PAD_ID] = 0.0
    coverage = len(rows) / max(1, len(words) - 2)
    logger.info("%s has vectors for %.1f %% of the vocabulary", path.name, 100 * coverage)
    return coverage
