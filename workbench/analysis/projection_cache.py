"""Points on disk: one .npy file for each set of vectors, method, settings and versions of the libraries."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from workbench.errors import WorkbenchError
from workbench.files import replacing

_LIBRARIES = {
    "pca": ("scikit-learn",),
    "tsne": ("scikit-learn", "openTSNE", "numba"),
    "umap": ("scikit-learn", "umap-learn"),
}
_RECIPE = 2  # raise it when the same input shall give other points


def kept_path(cache: Path, matrix: np.ndarray, method: str, settings: Mapping[str, Any]) -> Path:
    """The file of the points of this contiguous matrix, named by a SHA-256 over whatever they depend on.

    Raises:
        WorkbenchError: when a library of the method is not installed.
    """
    known = {
        "recipe": _RECIPE,
        "method": method,
        "settings": dict(settings),
        "versions": {name: _version(name) for name in _LIBRARIES[method]},
        "shape": matrix.shape,
        "dtype": matrix.dtype.str,
    }
    digest = hashlib.sha256(json.dumps(known, sort_keys=True).encode())
    digest.update(memoryview(matrix).cast("B"))
    return cache / "projections" / f"{digest.hexdigest()}.npy"


def read_points(path: Path, documents: int, dimensions: int = 2) -> np.ndarray | None:
    """The points (N, 2) or (N, 3) in `path`; None when there are none or the file is damaged."""
    try:
        points: np.ndarray = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    is_whole = points.shape == (documents, dimensions) and points.dtype == np.float32
    return points if is_whole and np.isfinite(points).all() else None


def write_points(path: Path, points: np.ndarray) -> None:
    """Keep points, atomically.

    Raises:
        WorkbenchError: when the file cannot be written.
    """
    with replacing(path) as temporary, temporary.open("wb") as stream:
        np.save(stream, points, allow_pickle=False)


def _version(library: str) -> str:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        raise WorkbenchError(f"This map needs {library}: pip install 'mltc-workbench[dashboard]'") from None
