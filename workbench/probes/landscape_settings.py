"""What a landscape is computed with, and what is written down beside it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any, Literal

import numpy as np
import torch
from pydantic import Field, field_validator

from workbench.config import Config
from workbench.probes.documents import Sample
from workbench.runs.store import Run

SCHEMA = 1
"""Counted up when landscapes would come out differently, so that older ones are not taken for them."""

NAMES = {"random": "landscape", "path": "trajectory"}
"""What the probe of each plane, and so the beginning of its arrays' names, is called in the run."""


class LandscapeSettings(Config):
    """Only landscapes of equal settings, on the same documents, are drawn together."""

    plane: Literal["random", "path"] = Field(
        "random", description="two random directions, or those in which training moved most"
    )
    grid: int = Field(19, ge=3, le=201, description="points along each direction, an odd number")
    radius: float = Field(
        1.0, gt=0, description="how far the grid reaches; at 1 a random step is as long as the weights"
    )
    documents: int = Field(256, ge=1, description="training documents, drawn by the seed")
    seed: int = Field(0, ge=0, lt=2**63, description="of documents and directions")
    directions: int = Field(
        10, ge=2, le=1000, multiple_of=2, description="random directions for slices and mean rise"
    )

    @field_validator("grid")
    @classmethod
    def _centre_is_a_point(cls, grid: int) -> int:
        if grid % 2 == 0:
            raise ValueError(
                f"the run's own weights must be a grid point, so say an odd number: {grid - 1} or {grid + 1}"
            )
        return grid

    def axis(self) -> np.ndarray:
        """The grid's positions along a random direction, (G,); the middle one is 0."""
        half = self.grid // 2
        return self.radius * np.arange(-half, half + 1) / half


def kept_report(run: Run, settings: LandscapeSettings) -> dict[str, Any] | None:
    """The report of this very probing where the run has it, whole."""
    name = NAMES[settings.plane]
    report = run.probe(name)
    if report is None or report.get("schema") != SCHEMA:
        return None
    same = report.get("settings") == settings.model_dump(mode="json")
    return report if same and set(report["arrays"]) <= set(run.array_names) else None


def new_report(run: Run, settings: LandscapeSettings, sample: Sample, seconds: float) -> dict[str, Any]:
    """What was looked at, with which seeds, where, when and by which versions."""
    corpus = run.manifest["corpus"]
    return {
        "schema": SCHEMA,
        "settings": settings.model_dump(mode="json"),
        "seeds": {"documents": settings.seed, "directions": settings.seed},
        "corpus": {"fingerprint": corpus["fingerprint"], "split_id": corpus["split_id"]},
        "documents": {"split": "train", "count": len(sample), "ids_sha256": sample.digest},
        "device": sample.batches[0].targets.device.type,
        "threads": torch.get_num_threads(),
        "seconds": round(seconds, 2),
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("mltc-workbench", "torch", "numpy")},
    }
