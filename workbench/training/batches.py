"""Batches of documents of like length, the same on every machine for a seed and an epoch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch.utils.data import DataLoader, Dataset, Sampler

from workbench.encoders.base import Prepared
from workbench.methods.base import Batch, Examples

_WINDOW = 50
"""Batches that are sorted by length together: enough for little padding, few enough to stay random."""


class Documents(Dataset[Batch]):
    """Prepared documents with their targets; indexed by the rows of a whole batch."""

    def __init__(self, prepared: Prepared, targets: sparse.csr_array) -> None:
        self.prepared = prepared
        self.targets = targets

    @property
    def lengths(self) -> NDArray[np.integer]:
        """(N,) tokens a document."""
        return self.prepared.lengths

    def __len__(self) -> int:
        return len(self.prepared)

    def __getitem__(self, rows: NDArray[np.int64]) -> Batch:
        dense = torch.from_numpy(self.targets[rows].toarray())
        return Batch(self.prepared.batch(rows), dense, torch.from_numpy(rows))


class ShuffledBatches(Sampler[NDArray[np.int64]]):
    """Random batches of documents of like length; each process takes its share, all as many batches.

    `process` is (rank, number of processes); when not given, what torch.distributed says at the time.
    """

    def __init__(
        self,
        lengths: NDArray[np.integer],
        batch_size: int,
        seed: int,
        process: tuple[int, int] | None = None,
    ) -> None:
        self._lengths = np.asarray(lengths)
        self._size, self._seed, self._process = batch_size, seed, process
        self._epoch = 0

    def set_epoch(self, epoch: int) -> None:
        """Choose the epoch whose order comes next."""
        self._epoch = epoch

    def __len__(self) -> int:
        _, world = self._process or _this_process()
        return -(-len(self._lengths) // (self._size * world))

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        rank, world = self._process or _this_process()
        generator = np.random.default_rng((self._seed, self._epoch))
        order = generator.permutation(len(self._lengths))
        window = self._size * _WINDOW
        for start in range(0, len(order), window):
            part = order[start : start + window]
            order[start : start + window] = part[np.argsort(self._lengths[part], kind="stable")]
        batches = [order[start : start + self._size] for start in range(0, len(order), self._size)]
        shuffled = [batches[index] for index in generator.permutation(len(batches))]
        for index in range(rank, len(self) * world, world):
            yield shuffled[index % len(shuffled)]


class SortedBatches(Sampler[NDArray[np.int64]]):
    """Every document once, longest first, so that memory runs out at once or never; `process` as above."""

    def __init__(
        self, lengths: NDArray[np.integer], batch_size: int, process: tuple[int, int] | None = None
    ) -> None:
        order = np.argsort(-np.asarray(lengths), kind="stable")
        self._batches = [order[start : start + batch_size] for start in range(0, len(order), batch_size)]
        self._process = process

    def _share(self) -> list[NDArray[np.int64]]:
        rank, world = self._process or _this_process()
        return self._batches[rank::world]

    def __len__(self) -> int:
        return len(self._share())

    def __iter__(self) -> Iterator[NDArray[np.int64]]:
        yield from self._share()


def scoring_batch_size(training_size: int, documents: int, processes: int) -> int:
    """Twice the size of training, where no gradients take memory; less where a process would get no batch."""
    return max(1, min(2 * training_size, documents // processes))


def _this_process() -> tuple[int, int]:
    if torch.distributed.is_available() and torch.distributed.is_initialized():
        return torch.distributed.get_rank(), torch.distributed.get_world_size()
    return 0, 1


def loader(examples: Examples, batches: Sampler[NDArray[np.int64]]) -> DataLoader[Batch]:
    """A loader in this process: cutting a batch from prepared examples is too cheap to hand away.

    Every pass over a loader draws a number for workers, even where there are none; drawn from torch's own
    generator, it would move dropout and mixing, and a resumed epoch makes one such pass less.
    """
    own = torch.Generator()
    return DataLoader(
        cast(Dataset[Batch], examples), sampler=batches, batch_size=None, num_workers=0, generator=own
    )
