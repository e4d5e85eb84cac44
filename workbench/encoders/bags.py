"""Documents as bags of weighted terms, cut into padded batches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from scipy import sparse

from workbench.encoders.base import Inputs


@dataclass(frozen=True)
class Bags:
    """N documents over V terms, sparse: `matrix` (N, V) in float32, with no stored zeros."""

    matrix: sparse.csr_array

    @property
    def lengths(self) -> np.ndarray:
        """(N,) different terms per document."""
        return np.diff(self.matrix.indptr)

    def __len__(self) -> int:
        return int(self.matrix.shape[0])

    def batch(self, rows: Sequence[int] | np.ndarray) -> Inputs:
        """`terms` (B, T) int64 and their `weights` (B, T) float32, zero at padding."""
        part = self.matrix[np.asarray(rows, dtype=np.int64)]
        lengths = np.diff(part.indptr)
        is_there = np.arange(max(1, lengths.max(initial=0))) < lengths[:, None]
        terms = np.zeros(is_there.shape, dtype=np.int64)
        weights = np.zeros(is_there.shape, dtype=np.float32)
        terms[is_there], weights[is_there] = part.indices, part.data
        return {"terms": torch.from_numpy(terms), "weights": torch.from_numpy(weights)}
