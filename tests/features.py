"""Features of document-label pairs as a method writes them into a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from workbench.analysis.tail_features import GENERATED, Features
from workbench.runs.layout import Layout
from workbench.runs.store import Run
from workbench.runs.writer import write_array


def give_features(path: Path, generated: bool = True) -> Run:
    """Arrays as LSFA writes them into a run of 12 labels and 30 test documents; labels 6 and up are tail."""
    generator, layout = np.random.default_rng(0), Layout(path)
    label = np.repeat(np.arange(12), 6)
    arrays = {
        "label_features": generator.normal(size=(72, 5)).astype(np.float16) + label[:, None],
        "label_feature_labels": label,
        "label_feature_rows": np.tile(np.arange(6), 12),
        "label_feature_splits": np.tile([0, 0, 0, 1, 1, 1], 12).astype(np.uint8),
        "prototypes": np.arange(12)[:, None] + np.zeros((12, 5), dtype=np.float32),
        "label_is_tail": np.arange(12) >= 6,
    }
    if generated:
        arrays["augmented_labels"] = np.repeat(np.arange(6, 12), 4)
        arrays["augmented_features"] = generator.normal(size=(24, 5)).astype(np.float32)
    for name, array in arrays.items():
        write_array(layout, name, array)
    return Run.load(path)


def made(rows: list[tuple[int, int, tuple[float, ...]]], is_tail=(False, True, True)) -> Features:
    """Features from (label, kind, vector)."""
    label, kind, vectors = (np.array(column) for column in zip(*rows, strict=True))
    row = np.where(kind < GENERATED, np.arange(len(label)), -1)
    return Features(vectors.astype(np.float32), label, row, kind.astype(np.uint8), np.array(is_tail))
