"""Maps of documents: from vectors (N, H) to points (N, 2) by PCA, t-SNE or UMAP, kept on disk.

PCA shows the plane of largest variance; the other two keep neighbours together and little else. Equal
vectors, settings and seed give equal points.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from workbench.analysis.layouts import LAYOUTS, Steps
from workbench.analysis.projection_cache import kept_path, read_points, write_points
from workbench.config import Config
from workbench.errors import WorkbenchError, nearest

MOST = 50_000
FEWEST = {"pca": 1, "tsne": 4, "umap": 4}
"""The most documents on a map, and the fewest by method: three have no neighbourhoods to keep."""


class PcaSettings(Config):
    """Settings of every map."""

    unit_length: bool = Field(False, description="scale each vector to length one: directions alone count")
    seed: int = Field(0, ge=0, lt=2**32, description="of whatever is random")


class TsneSettings(PcaSettings):
    """Settings of t-SNE."""

    perplexity: float = Field(30.0, ge=1, le=500, description="about how many neighbours attract a document")


class UmapSettings(PcaSettings):
    """Settings of UMAP."""

    neighbours: int = Field(15, ge=2, le=500, description="neighbours of a document, itself among them")
    min_distance: float = Field(0.1, ge=0, le=1, description="how close documents may come to each other")
    dimensions: int = Field(2, ge=2, le=3, description="of the map")


SETTINGS: dict[str, type[PcaSettings]] = {"pca": PcaSettings, "tsne": TsneSettings, "umap": UmapSettings}
"""The methods, each with its settings."""


def project(
    vectors: np.ndarray,
    method: str,
    settings: Mapping[str, Any] | None = None,
    *,
    cache: Path | None = None,
    advance: Callable[[int], None] | None = None,
) -> np.ndarray:
    """A map of documents: vectors (N, H) -> points (N, 2) float32, (N, 3) where UMAP is told so.

    Identical documents lie on one point in PCA and beside each other in the others. When all N are identical,
    all lie at the origin. Perplexity is at most (N - 1) / 3, UMAP's neighbours at most N - 1.

    Args:
        vectors: one row a document.
        method: "pca", "tsne" or "umap".
        settings: by name, as `SETTINGS` has them; the rest take their defaults.
        cache: folder where the points are looked for and kept; None computes them anew.
        advance: told how many of `STEPS` (100) further steps are done.

    Raises:
        WorkbenchError: an unknown method or setting; vectors that are no matrix, hold NaN or infinity, or are
            too few or too many; points that cannot be written to `cache`.
    """
    chosen = parse_settings(method, settings)
    matrix = checked_vectors(vectors, method)
    path = None if cache is None else kept_path(cache, matrix, method, _as_kept(chosen))
    points = None if path is None else read_points(path, len(matrix), _dimensions(chosen))
    if points is None:
        points = _computed(matrix, method, chosen, Steps(advance))
        if path is not None:
            write_points(path, points)
    return points


def kept_projection(
    vectors: np.ndarray, method: str, settings: Mapping[str, Any] | None, cache: Path
) -> Path:
    """Where `project` keeps these points in `cache`, there already or not; raises as `project` does."""
    chosen = parse_settings(method, settings)
    return kept_path(cache, checked_vectors(vectors, method), method, _as_kept(chosen))


def parse_settings(method: str, settings: Mapping[str, Any] | None = None) -> PcaSettings:
    """The checked settings of a method."""
    if method not in SETTINGS:
        raise WorkbenchError(
            f"Unknown projection {method!r}.{nearest(method, SETTINGS)} There are: {', '.join(SETTINGS)}."
        )
    return SETTINGS[method].parse(dict(settings or {}))


def checked_vectors(vectors: np.ndarray, method: str = "pca") -> np.ndarray:
    """The vectors as a contiguous float32 matrix, if `method` can draw them."""
    if vectors.ndim != 2 or 0 in vectors.shape:
        raise WorkbenchError(f"A map needs a matrix (documents, dimensions), not shape {vectors.shape}.")
    if len(vectors) > MOST:
        raise WorkbenchError(f"{len(vectors):,} documents are too many for a map: draw {MOST:,} of them.")
    if len(vectors) < FEWEST[method]:
        raise WorkbenchError(
            f"{method} needs at least {FEWEST[method]} documents, and there are {len(vectors)}: "
            "take pca, which draws any number."
        )
    with np.errstate(over="ignore"):  # what float32 cannot hold becomes infinity, and is refused below
        matrix = np.ascontiguousarray(vectors, dtype=np.float32)
    bad = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
    if len(bad):
        raise WorkbenchError(
            f"The vectors of {len(bad)} of {len(matrix)} documents hold NaN or infinity (the first at row "
            f"{bad[0]}): the run diverged. Train again with a lower learning rate."
        )
    return matrix


def variance_shares(vectors: np.ndarray, points: np.ndarray) -> tuple[float, float]:
    """The share of the vectors' variance along each axis of a PCA map; 0 for identical documents.

    Shapes: vectors (N, H) as they were projected, points (N, 2).
    """
    total = float(np.var(vectors, axis=0, dtype=np.float64).sum())
    along = np.var(points, axis=0, dtype=np.float64)
    return (float(along[0] / total), float(along[1] / total)) if total > 0 else (0.0, 0.0)


def to_unit_length(matrix: np.ndarray) -> np.ndarray:
    """Each row divided by its length; rows of zeros stay."""
    largest = np.abs(matrix).max(axis=1, keepdims=True)
    safe = np.divide(matrix, largest, out=np.zeros_like(matrix), where=largest > 0)
    lengths = np.linalg.norm(safe, axis=1, keepdims=True)
    return np.divide(safe, lengths, out=np.zeros_like(matrix), where=lengths > 0)


def _dimensions(settings: PcaSettings) -> int:
    return settings.dimensions if isinstance(settings, UmapSettings) else 2


def _as_kept(settings: PcaSettings) -> dict[str, Any]:
    """What points depend on; a plane goes without saying, as in the names of files kept before."""
    return {
        name: value for name, value in settings.model_dump().items() if (name, value) != ("dimensions", 2)
    }


def _computed(matrix: np.ndarray, method: str, settings: PcaSettings, steps: Steps) -> np.ndarray:
    how = settings.model_dump()
    if how.pop("unit_length"):
        matrix = to_unit_length(matrix)
    if (matrix == matrix[0]).all():
        points = np.zeros((len(matrix), _dimensions(settings)))
    else:
        largest = np.abs(matrix).max()  # no square overflows, and none vanishes
        points = LAYOUTS[method](matrix / largest, steps, **how)
        if method == "pca":
            points = points * largest
    steps.reach(1.0)
    return np.asarray(points, dtype=np.float32)
