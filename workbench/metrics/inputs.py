"""What the metrics accept as scores and as a number of ranks, and the errors for everything else."""

from __future__ import annotations

import operator
from typing import Any, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from workbench.errors import WorkbenchError

Floats = NDArray[np.floating[Any]]


def as_scores(scores: ArrayLike) -> Floats:
    """Scores as a two-dimensional float array, without a copy when they are one already (a memory map too).

    Shapes: (N, L) documents by labels; float16, float32 and float64 keep their type, integers become float64.

    Raises:
        WorkbenchError: for another number of dimensions, no documents, no labels, or values that are not
            real.
    """
    array = np.asarray(scores)
    require_table(array.shape, "scores")
    if array.dtype.kind == "f":
        return array
    if array.dtype.kind in "iub":
        return array.astype(np.float64)
    raise WorkbenchError(f"Scores are of type {array.dtype}; expected float16, float32 or float64.")


def require_table(shape: tuple[int, ...], what: str) -> None:
    """Refuse anything but (documents, labels) with at least one of each."""
    if len(shape) != 2:
        raise WorkbenchError(f"{what} have shape {shape}; expected two dimensions, (documents, labels).")
    if 0 in shape:
        raise WorkbenchError(f"{what} have shape {shape}; there must be at least one document and one label.")


def require_same_shape(
    first: tuple[int, ...], first_name: str, second: tuple[int, ...], second_name: str
) -> None:
    """Refuse two tables that do not speak of the same documents and labels."""
    if first != second:
        raise WorkbenchError(
            f"{first_name} have shape {first} but {second_name} have shape {second}; "
            "both must be (documents, labels) of the same split and label list."
        )


def as_rank(k: SupportsIndex) -> int:
    """`k` as an int of at least one; a float or a bool is a mistake rather than a rank."""
    try:
        value = operator.index(k)
    except TypeError:
        value = 0
    if value < 1 or isinstance(k, bool):
        raise WorkbenchError(f"k={k!r}; expected a whole number of at least 1.")
    return value


def refuse_nan(block: Floats, first_row: int = 0, first_label: int = 0) -> None:
    """Name the first row of a block that holds a NaN; a NaN can be neither ranked nor compared."""
    if not np.isnan(np.max(block)):
        return
    row, label = (int(position[0]) for position in np.nonzero(np.isnan(block)))
    raise nan_error(first_row + row, first_label + label)


def nan_error(row: int, label: int) -> WorkbenchError:
    """The error for a NaN, with its place."""
    return WorkbenchError(
        f"Scores hold NaN in row {row} (label {label}); training may have diverged: "
        "look at the run's loss, or lower the learning rate."
    )
