"""Label sets of many documents under one interface: dense, sparse, or scores above a threshold."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics.blocks import map_blocks
from workbench.metrics.inputs import Floats, refuse_nan, require_table

Bools = NDArray[np.bool_]
Indices = NDArray[np.integer[Any]]


class Indicator(ABC):
    """Which labels each document has, read block by block so that no second (N, L) table is ever made."""

    shape: tuple[int, int]

    @abstractmethod
    def mask(self, start: int, stop: int) -> Bools:
        """Documents `start` to `stop` as (stop - start, L) of True and False."""

    @abstractmethod
    def columns(self, start: int, stop: int) -> Bools:
        """Labels `start` to `stop` of every document as (N, stop - start) of True and False."""

    def positives(self, start: int, stop: int) -> tuple[Indices, Indices]:
        """The (row within the block, label) of every label of documents `start` to `stop`, in row order."""
        rows, labels = np.nonzero(self.mask(start, stop))
        return rows, labels

    @property
    def cells_read(self) -> int:
        """How many cells `positives` goes through for a document, on average; at least one."""
        return self.shape[1]

    def sizes(self, start: int, stop: int) -> Indices:
        """How many labels documents `start` to `stop` have, (stop - start,)."""
        return np.sum(self.mask(start, stop), axis=1, dtype=np.int32)

    def label_counts(self) -> NDArray[np.int64]:
        """How many documents have each label, (L,)."""

        def count(start: int, stop: int) -> Indices:
            return np.sum(self.mask(start, stop), axis=0, dtype=np.int32)

        return np.sum(map_blocks(count, *self.shape), axis=0, dtype=np.int64)


class DenseIndicator(Indicator):
    """An (N, L) array of bool or of the numbers 0 and 1."""

    def __init__(self, values: NDArray[Any], what: str) -> None:
        self.shape = values.shape
        self._values = values
        if values.dtype.kind not in "biuf":
            raise WorkbenchError(f"{what} are of type {values.dtype}; expected 0 and 1, or booleans.")
        if values.dtype.kind != "b":
            map_blocks(lambda start, stop: _require_binary(values[start:stop], start, what), *self.shape)

    def mask(self, start: int, stop: int) -> Bools:
        """See `Indicator.mask`; bool input is given as a view."""
        return self._values[start:stop].astype(np.bool_, copy=False)

    def columns(self, start: int, stop: int) -> Bools:
        """See `Indicator.columns`."""
        return self._values[:, start:stop].astype(np.bool_, copy=False)


class SparseIndicator(Indicator):
    """Any scipy.sparse matrix or array of 0 and 1, held as CSR (without a copy when it is a clean CSR)."""

    def __init__(self, values: Any, what: str) -> None:
        require_table(values.shape, what)
        self.shape = values.shape
        self._rows = _clean_csr(values, what)

    def positives(self, start: int, stop: int) -> tuple[Indices, Indices]:
        """See `Indicator.positives`; costs the stored labels only."""
        first, last = self._rows.indptr[start], self._rows.indptr[stop]
        rows = np.repeat(np.arange(stop - start), self.sizes(start, stop))
        return rows, self._rows.indices[first:last]

    @property
    def cells_read(self) -> int:
        """See `Indicator.cells_read`: the stored labels only."""
        return max(1, self._rows.nnz // max(1, self.shape[0]))

    def sizes(self, start: int, stop: int) -> Indices:
        """See `Indicator.sizes`."""
        return np.diff(self._rows.indptr[start : stop + 1])

    def mask(self, start: int, stop: int) -> Bools:
        """See `Indicator.mask`."""
        mask = np.zeros((stop - start, self.shape[1]), dtype=np.bool_)
        mask[self.positives(start, stop)] = True
        return mask

    def columns(self, start: int, stop: int) -> Bools:
        """See `Indicator.columns`; costs a pass over the stored labels."""
        return self._rows[:, start:stop].toarray().astype(np.bool_, copy=False)

    def label_counts(self) -> NDArray[np.int64]:
        """See `Indicator.label_counts`."""
        return np.bincount(self._rows.indices, minlength=self.shape[1]).astype(np.int64)


class ThresholdedScores(Indicator):
    """The labels whose score is at least the threshold, decided block by block."""

    def __init__(self, scores: Floats, threshold: Floats) -> None:
        self.shape = scores.shape
        self._scores = scores
        self._threshold = threshold

    def mask(self, start: int, stop: int) -> Bools:
        """See `Indicator.mask`; a NaN score raises WorkbenchError with its row."""
        block = self._scores[start:stop]
        refuse_nan(block, start)
        return block >= self._threshold

    def columns(self, start: int, stop: int) -> Bools:
        """See `Indicator.columns`; a NaN score raises WorkbenchError with its row."""
        refuse_nan(self._scores[:, start:stop], first_label=start)
        threshold = self._threshold if self._threshold.ndim == 0 else self._threshold[start:stop]
        return self._scores[:, start:stop] >= threshold


def as_indicator(values: Any, what: str) -> Indicator:
    """Label sets from a dense array of bool, 0 and 1, a nested list, or any scipy.sparse matrix or array.

    Shapes: (N, L) documents by labels. `what` names the input in errors, in the plural ("targets").

    Raises:
        WorkbenchError: for other dimensions, no documents, no labels, or a value that is neither 0 nor 1.
    """
    if isinstance(values, Indicator):
        return values
    if sparse.issparse(values):
        return SparseIndicator(values, what)
    array = np.asarray(values)
    require_table(array.shape, what)
    return DenseIndicator(array, what)


def _require_binary(block: NDArray[Any], first_row: int, what: str) -> None:
    """Refuse values other than 0 and 1; integers need only their range looked at."""
    if block.dtype.kind != "f" and block.min() >= 0 and block.max() <= 1:
        return
    wrong = (block != 0) & (block != 1)
    if wrong.any():
        row, label = (int(position[0]) for position in np.nonzero(wrong))
        value = block[row, label].item()
        raise WorkbenchError(
            f"{what} hold {value} in row {first_row + row}, label {label}; expected 0 and 1, or booleans."
        )


def _clean_csr(values: Any, what: str) -> Any:
    """CSR with every stored entry one positive: no stored zeros, no entry twice; the input stays as it is."""
    stored = values if values.format == "csr" else values.tocoo()
    wrong = (stored.data != 0) & (stored.data != 1)
    if wrong.any():
        raise WorkbenchError(f"{what} hold {stored.data[wrong][0].item()}; expected 0 and 1, or booleans.")
    if values.format == "csr" and values.has_canonical_format and values.data.all():
        return values
    rows = sparse.csr_array(stored.astype(np.bool_), copy=True)
    rows.sum_duplicates()
    rows.eliminate_zeros()
    return rows
