"""Examples that are arrays: what a stage trains on where its inputs were computed once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from workbench.methods.base import Batch


@dataclass(frozen=True)
class StoredExamples:
    """M examples: inputs by name, arrays (M, ...), and targets (M, L) of 0 and 1."""

    inputs: Mapping[str, np.ndarray]
    targets: sparse.csr_array

    @property
    def lengths(self) -> NDArray[np.integer]:
        """(M,) ones: all are as long."""
        return np.ones(len(self), dtype=np.int64)

    def __len__(self) -> int:
        return int(self.targets.shape[0])

    def __getitem__(self, rows: NDArray[np.int64]) -> Batch:
        inputs = {name: torch.from_numpy(np.array(values[rows])) for name, values in self.inputs.items()}
        return Batch(inputs, torch.from_numpy(self.targets[rows].toarray()), torch.from_numpy(rows))
