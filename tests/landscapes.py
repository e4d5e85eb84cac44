"""Landscapes that nobody computed: a bowl for each run, as the probe would have written it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from workbench.runs.writer import write_probe

DOCUMENTS = {"split": "train", "count": 20, "ids_sha256": "0" * 64}


def give_landscape(
    run: Path,
    *,
    sharpness: float = 1.0,
    own: float = 0.1,
    grid: int = 5,
    radius: float = 1.0,
    seed: int = 0,
    epochs: int = 0,
    plane: str = "random",
    corpus: str = "f" * 64,
    documents: dict[str, Any] = DOCUMENTS,
    overflow: int = 0,
    schema: int = 1,
) -> Path:
    """The loss `own` + `sharpness` (x² + 2 y²) on the grid; the first `overflow` points are infinite."""
    name = {"random": "landscape", "path": "trajectory"}[plane]
    axis = radius * np.arange(-(grid // 2), grid // 2 + 1) / (grid // 2)
    loss = own + sharpness * (axis[None, :] ** 2 + 2 * axis[:, None] ** 2)
    loss.flat[:overflow] = np.inf
    arrays = {"axes": np.stack([axis, axis]), "loss": loss}
    report: dict[str, Any] = {
        "schema": schema,
        "settings": {
            "plane": plane,
            "grid": grid,
            "radius": radius,
            "documents": 20,
            "seed": seed,
            "directions": 4,
        },
        "corpus": {"fingerprint": corpus, "split_id": "demo/2a9f61c3"},
        "documents": documents,
        "loss": {"centre": own, "largest": float(np.ma.masked_invalid(loss).max()), "not_finite": overflow},
    }
    if plane == "random":
        arrays["slices"] = np.stack([own + sharpness * scale * axis**2 for scale in (1, 2, 3, 6)])
        report["sharpness"] = _sharpness(axis, sharpness)
    if epochs:
        arrays |= _path(epochs, radius, own, share=0.9 if plane == "path" else 1e-5)
    named = {f"{name}_{part}": array for part, array in arrays.items()}
    write_probe(run, name, report | {"arrays": sorted(named)}, named)
    return run


def _path(epochs: int, radius: float, own: float, share: float) -> dict[str, np.ndarray]:
    """A straight way to the middle; its last point, where the run's weights are, has no share."""
    away = np.linspace(1, 0, epochs)
    return {
        "path": np.stack([0.8 * away, -0.5 * away], axis=1) * radius,
        "path_share": np.where(away > 0, share, np.nan),
        "path_loss": own + away,
    }


def _sharpness(axis: np.ndarray, sharpness: float) -> dict[str, Any]:
    rises = [
        {"radius": float(distance), "mean": 3 * sharpness * distance**2, "std": 0.1}
        for distance in axis[len(axis) // 2 + 1 :]
    ]
    eigenvalue = {"value": 4 * sharpness, "residual": 0.01, "products": 9, "is_converged": True}
    return {"rises": rises, "eigenvalue": eigenvalue}
