"""Documents of one split of a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.data.selected import Selected


@dataclass(frozen=True)
class Split:
    """Documents of one split.

    Attributes:
        texts: N strings; backed by a memory-mapped file when the corpus was opened from disk.
        targets: csr_array (N, L) uint8 of 0/1 with sorted indices and no stored zeros.
        ids: N strings, unique in the corpus.
        generated: (N,) bool, the documents that were made from others; None where none was.
    """

    texts: Sequence[str]
    targets: sparse.csr_array
    ids: Sequence[str]
    generated: NDArray[np.bool_] | None = None

    def __len__(self) -> int:
        return len(self.texts)

    @property
    def n_generated(self) -> int:
        """How many documents were made from others."""
        return 0 if self.generated is None else int(self.generated.sum())

    @property
    def real_targets(self) -> sparse.csr_array:
        """Targets of the documents that were not made from others: what a corpus's counts are about."""
        return self.targets if self.generated is None else self.targets[np.flatnonzero(~self.generated)]

    def take(self, rows: Iterable[int]) -> Split:
        """The documents at `rows`, in that order, without copying their texts."""
        chosen = np.fromiter(rows, dtype=np.int64)
        generated = None if self.generated is None else self.generated[chosen]
        return Split(
            Selected(self.texts, chosen), self.targets[chosen], Selected(self.ids, chosen), generated
        )
