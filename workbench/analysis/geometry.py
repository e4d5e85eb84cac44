"""How document vectors fill their space: narrow cone or even spread, as numbers; and their axes of variance.

"Towards Better Representations for Multi-Label Text Classification with Multi-granularity Information",
sections 1 and 5.2, calls vectors in a narrow cone anisotropic. Uniformity and alignment are those of Wang &
Isola, "Understanding Contrastive Representation Learning through Alignment and Uniformity on the Hypersphere"
(2020), Eq. 2 and section 4.1, on vectors scaled to length one. Vectors of zeros have no direction and take no
part in either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from workbench.analysis.projection import checked_vectors, to_unit_length
from workbench.analysis.spectrum import cumulative_energy, effective_rank, singular_values

_CELLS_AT_ONCE = 1_000_000
_COLUMNS = (
    "panel",
    "documents",
    "zero_vectors",
    "mean_cosine",
    "uniformity",
    "alignment",
    "positive_pairs",
    "effective_rank",
    "first_share",
)


def directions(vectors: np.ndarray) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Vectors (N, H) of any precision at length one, (K, H), but those of zeros; and their places (K,)."""
    unit = to_unit_length(checked_vectors(vectors).astype(np.float64))
    places = np.flatnonzero(unit.any(axis=1))
    return unit[places], places


def mean_cosine(unit: NDArray[np.float64]) -> float | None:
    """The mean cosine over all pairs of different documents; None below two.

    Exact: the squared length of the sum holds each pair twice, and each vector once with itself. 1 says that
    all point the same way, 0 that their directions cancel out.

    Shapes: unit (N, H), of length one.
    """
    n = len(unit)
    if n < 2:
        return None
    total = unit.sum(axis=0)
    return float((total @ total - n) / (n * (n - 1)))


def uniformity(unit: NDArray[np.float64]) -> float | None:
    """Logarithm of the mean of exp(-2 ‖x - y‖²) over all pairs of different documents; None below two.

    0 when all vectors are the same, the lower the more evenly they lie on the sphere, never below -8.

    Source: Wang & Isola (2020), uniformity loss with t = 2. Shapes: unit (N, H), of length one.
    """
    n = len(unit)
    if n < 2:
        return None
    total, step = 0.0, max(1, _CELLS_AT_ONCE // n)
    for start in range(0, n, step):
        stop = min(start + step, n)
        near = 4 * (unit[start:stop] @ unit[start:].T) - 4  # ‖x - y‖² = 2 - 2 cos
        np.exp(np.minimum(near, 0, out=near), out=near)
        own = stop - start
        total += float(near[:, :own].sum() + 2 * near[:, own:].sum())  # a later pair counts in both orders
    return min(0.0, float(np.log((total - n) / (n * (n - 1)))))


def alignment(unit: NDArray[np.float64], gold: sparse.csr_array) -> tuple[float | None, int]:
    """Mean ‖x - y‖² over the pairs of documents with the very same gold labels, and how many pairs there are.

    0 when such documents share a direction, at most 4. Wang & Isola (2020) take two views of one sample for a
    positive pair (alpha = 2); here it is two documents with one label set, of at least one label.
    None without such a pair.

    Shapes: unit (N, H), of length one; gold (N, L) of 0/1.
    """
    sets: dict[bytes, list[int]] = {}
    for row, (start, stop) in enumerate(zip(gold.indptr, gold.indptr[1:], strict=False)):
        if stop > start:
            sets.setdefault(np.sort(gold.indices[start:stop]).tobytes(), []).append(row)
    total, pairs = 0.0, 0
    for rows in sets.values():
        n = len(rows)
        if n > 1:
            away = unit[rows] - unit[rows].mean(axis=0)  # the sum over pairs is n times that to the mean
            total += n * float(np.square(away).sum())
            pairs += n * (n - 1) // 2
    return (total / pairs if pairs else None), pairs


def centred_spectrum(vectors: np.ndarray) -> NDArray[np.float64]:
    """Singular values of vectors (N, H) less their mean, largest first.

    There are min(N - 1, H) of them, at least one: the mean takes one direction of N documents away.
    """
    matrix = checked_vectors(vectors).astype(np.float64)
    return singular_values(matrix - matrix.mean(axis=0))[: max(1, len(matrix) - 1)]


def geometry_table(
    panels: Mapping[str, np.ndarray],
    gold: Mapping[str, sparse.csr_array],
    spectra: Mapping[str, NDArray[np.float64]],
) -> pd.DataFrame:
    """One row a panel: how its vectors fill their space.

    Columns: panel, documents, zero_vectors (left out of the next four), mean_cosine, uniformity, alignment,
    positive_pairs, effective_rank and first_share (of the variance, along the first axis) of the centred
    vectors. None where there are too few documents, or no variance.

    Shapes: for each panel vectors (N, H), gold (N, L), singular values as `centred_spectrum` gives them.
    """
    rows = [_row(panel, panels[panel], gold[panel], spectra[panel]) for panel in panels]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _row(panel: str, vectors: np.ndarray, gold: sparse.csr_array, values: np.ndarray) -> dict[str, Any]:
    unit, places = directions(vectors)
    aligned, pairs = alignment(unit, gold[places])
    has_variance = bool(values[0] > 0)
    return {
        "panel": panel,
        "documents": len(vectors),
        "zero_vectors": len(vectors) - len(unit),
        "mean_cosine": mean_cosine(unit),
        "uniformity": uniformity(unit),
        "alignment": aligned,
        "positive_pairs": pairs,
        "effective_rank": effective_rank(values) if has_variance else None,
        "first_share": float(cumulative_energy(values)[0]) if has_variance else None,
    }


@dataclass(frozen=True)
class Axes:
    """The directions of largest variance of some vectors.

    Attributes:
        mean: (H,) what is subtracted.
        components: (D, H) unit vectors, at right angles; zeros where the vectors have no more variance.
    """

    mean: NDArray[np.float64]
    components: NDArray[np.float64]

    @property
    def dimensions(self) -> int:
        """The length H of the vectors that they are made for."""
        return len(self.mean)

    def points(self, vectors: np.ndarray) -> NDArray[np.float32]:
        """Vectors (N, H) along the axes, (N, D)."""
        moved = checked_vectors(vectors).astype(np.float64) - self.mean
        return (moved @ self.components.T).astype(np.float32)


def principal_axes(vectors: np.ndarray, dimensions: int = 3) -> Axes:
    """The axes of PCA, fitted to vectors (N, H) by scikit-learn; equal vectors give equal axes.

    With fewer documents or dimensions than axes, or identical documents, the remaining axes are zeros.
    """
    from sklearn.decomposition import PCA  # takes over a second to import

    matrix = checked_vectors(vectors).astype(np.float64)
    components = np.zeros((dimensions, matrix.shape[1]))
    largest = np.abs(matrix).max() or 1.0  # no square overflows, and none vanishes
    if (matrix != matrix[0]).any():
        fitted = PCA(min(dimensions, *matrix.shape), random_state=0).fit(matrix / largest)
        has_variance = fitted.explained_variance_ > 0
        components[: len(fitted.components_)] = fitted.components_ * has_variance[:, None]
    return Axes(matrix.mean(axis=0), components)


def shares_of_variance(vectors: np.ndarray, points: np.ndarray) -> tuple[float, ...]:
    """The share of the variance of vectors (N, H) along each axis of their points (N, D); 0 without any."""
    total = float(np.var(vectors, axis=0, dtype=np.float64).sum())
    along = np.var(points, axis=0, dtype=np.float64)
    return tuple((along / total).tolist()) if total > 0 else (0.0,) * points.shape[1]
