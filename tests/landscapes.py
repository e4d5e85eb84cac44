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
    half = grid // 2
    axis = radius * np.arange(-half, half + 1) / half
    loss = own + sharpness * (axis[None, :] ** 2 + 2 * axis[:, None] ** 2)
    loss.flat[:overflow] = np.inf
    slices = np.stack([own + sharpness * scale * axis**2 for scale in (1, 2, 3, 6)])
    arrays = {"axes": np.stack([axis, axis]), "loss": loss} | (
        {"slices": slices} if plane == "random" else {}
    )
    if epochs:
        away = np.linspace(1, 0, epochs)
        arrays["path"] = np.stack([0.8 * away, -0.5 * away], axis=1) * radius
        arrays["path_share"] = np.where(away > 0, 0.9 if plane == "path" else 1e-5, np.nan)
        arrays["path_loss"] = own + away
    named = {f"{name}_{part}": array for part, array in arrays.items()}
    settings = {
        "plane": plane,
        "grid": grid,
        "radius": radius,
        "documents": 20,
        "seed": seed,
        "directions": 4,
    }
    report: dict[str, Any] = {
        "schema": schema,
        "settings": settings,
        "corpus": {"fingerprint": corpus, "split_id": "demo/2a9f61c3"},
        "documents": documents,
        "loss": {"centre": own, "largest": float(np.ma.masked_invalid(loss).max()), "not_finite": overflow},
        "arrays": sorted(named),
    }
    if plane == "random":
        rises = [
            {"radius": float(distance), "mean": 3 * sharpness * distance**2, "std": 0.1}
            for distance in axis[half + 1 :]
        ]
        eigenvalue = {"value": 4 * sharpness, "residual": 0.01, "products": 9, "is_converged": True}
        report["sharpness"] = {"rises": rises, "eigenvalue": eigenvalue}
    write_probe(run, name, report, named)
    return run
