"""Vectors of test documents at the moments of training that a run keeps, made up."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workbench.runs.layout import Layout
from workbench.runs.stages import STAGE_ROWS, START, stage_array


def give_vectors(run: Path, stages: Sequence[str] = (), documents: int = 30) -> Path:
    """Those at the end, and with `stages` those of the start and after each of them, ever more spread out."""
    generator = np.random.default_rng(sum(map(ord, run.name)))
    arrays = {"document_rows": np.arange(documents)}
    names = [stage_array(number, stage) for number, stage in enumerate((START, *stages))] if stages else []
    for spread, name in enumerate((*names, "document_embeddings"), start=1):
        arrays[name] = (spread * generator.normal(size=(documents, 8)) + 4).astype(np.float16)
    if stages:
        arrays[STAGE_ROWS] = np.arange(documents)
    folder = Layout(run).arrays
    folder.mkdir(exist_ok=True)
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array)
    return run
