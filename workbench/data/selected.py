"""Rows of a longer sequence of strings, such as a part of the training texts, without a copy of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import overload

import numpy as np
from numpy.typing import NDArray


class Selected(Sequence[str]):
    """Some rows of a longer sequence of strings, looked up when asked for and never copied.

    Attributes:
        whole: what the rows were chosen from; never a selection itself.
        rows: (N,) which of them, in order.
    """

    def __init__(self, whole: Sequence[str], rows: NDArray[np.int64]) -> None:
        nested = whole if isinstance(whole, Selected) else None
        self.whole: Sequence[str] = nested.whole if nested is not None else whole
        self.rows: NDArray[np.int64] = nested.rows[rows] if nested is not None else rows

    def __len__(self) -> int:
        return len(self.rows)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        if isinstance(index, slice):
            return [self.whole[int(row)] for row in self.rows[index]]
        return self.whole[int(self.rows[index])]
