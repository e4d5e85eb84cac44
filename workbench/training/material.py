"""What a method is handed to prepare its stages with: the documents, a folder, and quiet to look at them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch

from workbench.methods.base import Batch, Material, Method
from workbench.methods.evaluation import evaluating
from workbench.training.batches import Documents, SortedBatches, loader
from workbench.training.devices import casting


def gather(
    splits: Mapping[str, Documents], batch_size: int, device: torch.device, folder: Path, seed: int
) -> Material:
    """The material of one training; each process has all documents and a folder of its own."""

    def batches(split: str) -> Iterator[Batch]:
        documents = splits[split]
        in_order = SortedBatches(documents.lengths, batch_size, (0, 1))
        return (batch.to(device) for batch in loader(documents, in_order))

    return Material(splits["train"], splits["train"].targets, batches, folder, seed)


@contextmanager
def looking(method: Method, device: torch.device, bfloat16: bool) -> Iterator[None]:
    """Evaluation mode without gradients; afterwards every module is in the mode it was in."""
    with evaluating(method), casting(device, bfloat16):
        yield
