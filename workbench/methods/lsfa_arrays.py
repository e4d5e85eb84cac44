"""What an LSFA run keeps for looking: real features of some document-label pairs, and generated ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

SPLITS = ("train", "test")
"""What `label_feature_splits` counts from 0."""

_MOST = 10_000
"""About as many features are kept of each split, and of the generated ones; five of each label at least."""

Pairs = Iterable[tuple[Tensor, Tensor, Tensor]]
"""Batches of features (P, V), labels (P,) and documents' rows (P,)."""


def feature_arrays(
    pairs: Mapping[str, Pairs], made: tuple[Tensor, Tensor] | None, train_counts: np.ndarray, seed: int
) -> dict[str, np.ndarray]:
    """`label_features` (P, V) in float16 with `label_feature_labels`, `_rows` and `_splits`, all (P,).

    Where features were generated, `augmented_features` (M, V) and `augmented_labels` (M,), too. Of each label
    at most as many are kept as let all labels have some; which ones, is drawn by `seed`.
    """
    found = {split: _sample(pairs[split], _share(train_counts), seed) for split in SPLITS}
    splits = [
        np.full(len(label), number, dtype=np.uint8) for number, (_, label, _) in enumerate(found.values())
    ]
    features, labels, rows = (np.concatenate(parts) for parts in zip(*found.values(), strict=True))
    arrays = {
        "label_features": features,
        "label_feature_labels": labels,
        "label_feature_rows": rows,
        "label_feature_splits": np.concatenate(splits),
    }
    if made is None:
        return arrays
    features, labels, _ = _sample([(*made, made[1])], _share(train_counts), seed)
    return arrays | {"augmented_features": features, "augmented_labels": labels}


def _share(train_counts: np.ndarray) -> int:
    """Features of each label, so that all labels have about as many."""
    return max(5, _MOST // max(1, int((train_counts > 0).sum())))


def _sample(pairs: Pairs, most: int, seed: int) -> tuple[np.ndarray, NDArray[np.int64], NDArray[np.int64]]:
    """At most `most` features of each label: the ones that draw the smallest numbers, whatever comes when."""
    generator = np.random.default_rng(seed)
    features: list[np.ndarray] = []
    labels, rows, numbers = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    held = np.empty((0, 0), dtype=np.float16)
    for batch, label, row in pairs:
        features.append(_half(batch))
        labels = np.concatenate([labels, label.cpu().numpy()])
        rows = np.concatenate([rows, row.cpu().numpy()])
        numbers = np.concatenate([numbers, generator.random(len(label))])
        if len(labels) > max(4 * _MOST, 2 * len(held)):
            kept = _smallest(labels, numbers, most)
            held = np.concatenate(features)[kept]
            features, labels, rows, numbers = [held], labels[kept], rows[kept], numbers[kept]
    held = np.concatenate(features) if features else held
    kept = _smallest(labels, numbers, most)
    kept = kept[np.lexsort((rows[kept], labels[kept]))]
    return held[kept], labels[kept], rows[kept]


def _smallest(labels: NDArray[np.int64], numbers: np.ndarray, most: int) -> NDArray[np.int64]:
    """The places of the `most` smallest numbers of each label."""
    order = np.lexsort((numbers, labels))
    ranked = labels[order]
    first = np.searchsorted(ranked, ranked)
    return order[np.arange(len(order)) - first < most]


def _half(features: Tensor) -> np.ndarray:
    most = torch.finfo(torch.float16).max
    halved: np.ndarray = features.float().clamp(-most, most).half().cpu().numpy()
    return halved
