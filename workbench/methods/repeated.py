"""Examples of which some come more than once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workbench.methods.base import Batch, Examples


@dataclass(frozen=True)
class Repeated:
    """The examples `rows` (M,) of `whole`, in this order; a row that is listed twice comes twice."""

    whole: Examples
    rows: NDArray[np.int64]

    @property
    def lengths(self) -> NDArray[np.integer]:
        """(M,) lengths of the examples."""
        return self.whole.lengths[self.rows]

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, rows: NDArray[np.int64]) -> Batch:
        return self.whole[self.rows[rows]]
