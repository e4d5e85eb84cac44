"""Features of positive document-label pairs, on disk: written batch by batch, read batch by batch."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from workbench.errors import WorkbenchError
from workbench.files import check_room, write_json
from workbench.methods.base import Batch

_ABOUT, _FEATURES, _LABELS, _PROTOTYPES, _COUNTS = (
    "about.json",
    "features.npy",
    "labels.npy",
    "prototypes.npy",
    "counts.npy",
)
_MOST = float(np.finfo(np.float16).max)


@dataclass(frozen=True)
class PairFeatures:
    """Features (P, V) in float16, memory-mapped, and the label of each (P,): the examples of a stage.

    A batch's inputs are `features` (B, V) in float32 and `label_index` (B,). `prototypes` (L, V) and `counts`
    (L,) are of all labels, those too whose features are not kept here.
    """

    features: np.ndarray
    label_index: np.ndarray
    prototypes: np.ndarray
    counts: np.ndarray

    @property
    def lengths(self) -> NDArray[np.integer]:
        """(P,) ones: features are all as long."""
        return np.ones(len(self), dtype=np.int64)

    def __len__(self) -> int:
        return len(self.label_index)

    def __getitem__(self, rows: NDArray[np.int64]) -> Batch:
        inputs = {
            "features": torch.from_numpy(self.features[rows].astype(np.float32)),
            "label_index": torch.from_numpy(self.label_index[rows]),
        }
        return Batch(inputs, torch.zeros(len(rows), 0), torch.from_numpy(rows))

    @classmethod
    def open(cls, folder: Path) -> Self | None:
        """What a writer left in `folder`; None where it did not come to its end."""
        if not (folder / _ABOUT).is_file():
            return None
        return cls(
            np.load(folder / _FEATURES, mmap_mode="r"),
            np.load(folder / _LABELS),
            np.load(folder / _PROTOTYPES),
            np.load(folder / _COUNTS),
        )


class PairWriter:
    """Fills `folder` with features of `pairs` pairs of `size` numbers; a half-filled one is begun anew."""

    def __init__(self, folder: Path, pairs: int, size: int) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        remedy = "raise head_threshold, so that fewer labels are head labels"
        check_room(folder, 2 * pairs * size, "The features of head labels", remedy)
        self._folder, self._filled = folder, 0
        self._features = np.lib.format.open_memmap(
            folder / _FEATURES, mode="w+", dtype=np.float16, shape=(pairs, size)
        )
        self._labels = np.empty(pairs, dtype=np.int64)

    def add(self, features: Tensor, label_index: Tensor) -> None:
        """Append features (p, V) and their labels (p,)."""
        end = self._filled + len(label_index)
        self._features[self._filled : end] = features.float().clamp(-_MOST, _MOST).cpu().numpy()
        self._labels[self._filled : end] = label_index.cpu().numpy()
        self._filled = end

    def finish(self, prototypes: Tensor, counts: Tensor) -> PairFeatures:
        """Write the rest and open all of it."""
        if self._filled != len(self._labels):
            raise WorkbenchError(
                f"{self._filled} features came where {len(self._labels)} were expected: the training "
                "documents have changed since the run was begun. Train it anew."
            )
        self._features.flush()
        np.save(self._folder / _LABELS, self._labels)
        np.save(self._folder / _PROTOTYPES, prototypes.float().cpu().numpy())
        np.save(self._folder / _COUNTS, counts.cpu().numpy())
        write_json(self._folder / _ABOUT, {"pairs": self._filled})
        found = PairFeatures.open(self._folder)
        assert found is not None
        return found


class RunningPrototypes:
    """The prototypes of features that come batch by batch, and whether these vary at all."""

    def __init__(self, n_labels: int, size: int, device: torch.device) -> None:
        self._sums = torch.zeros(n_labels, size, dtype=torch.float64, device=device)
        self._squares = torch.zeros(size, dtype=torch.float64, device=device)
        self.counts = torch.zeros(n_labels, dtype=torch.int64, device=device)
        """(L,) features of each label so far."""

    def add(self, features: Tensor, label_index: Tensor) -> None:
        """Take in features (p, V) with their labels (p,)."""
        exact = features.double()
        self._sums.index_add_(0, label_index, exact)
        self._squares += exact.square().sum(dim=0)
        self.counts += torch.bincount(label_index, minlength=len(self.counts))

    @property
    def prototypes(self) -> Tensor:
        """(L, V) in float32, zero rows for labels without features."""
        return (self._sums / self.counts.clamp(min=1).unsqueeze(1)).float()

    @property
    def spread(self) -> float:
        """The variance within labels as a share of the mean square: 0 where a label's features are alike."""
        total = float(self._squares.sum())
        if not total:
            return 0.0
        means = self._sums.square().sum(dim=1) / self.counts.clamp(min=1)  # n_l |p_l|^2, (L,)
        return 1.0 - float(means.sum()) / total
