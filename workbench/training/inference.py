"""Scores and vectors of prepared documents, outside the training loop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse

from workbench.encoders.base import Prepared
from workbench.methods.base import Batch, Forward, Method
from workbench.training.batches import Documents, SortedBatches, loader
from workbench.training.devices import casting

Advance = Callable[[int], None]


def forwards(
    method: Method,
    prepared: Prepared,
    *,
    batch_size: int = 64,
    device: torch.device | str = "cpu",
    bfloat16: bool = False,
    targets: sparse.csr_array | None = None,
) -> Iterator[tuple[Batch, Forward]]:
    """Run the method over all documents in evaluation mode, longest first; rows say which they are."""
    shape = (len(prepared), len(method.label_space))
    gold: Any = sparse.csr_array(shape, dtype=np.uint8) if targets is None else targets
    device = torch.device(device)
    was_training = method.training
    method.eval().to(device)
    try:
        with torch.inference_mode(), casting(device, bfloat16):
            for batch in loader(
                Documents(prepared, gold), SortedBatches(prepared.lengths, batch_size, (0, 1))
            ):
                moved = batch.to(device)
                yield moved, method(moved)
    finally:
        method.train(was_training)


def score_documents(
    method: Method, prepared: Prepared, advance: Advance | None = None, **how: Any
) -> np.ndarray:
    """Probabilities (N, L) in float32, in the order of the documents; `how` goes to `forwards`."""
    scores, _ = score_and_collect(method, prepared, {}, advance, **how)
    return scores


def score_and_decide(
    method: Method,
    prepared: Prepared,
    keep: Mapping[str, NDArray[np.int64]],
    advance: Advance | None = None,
    **how: Any,
) -> tuple[np.ndarray, np.ndarray | None, dict[str, np.ndarray]]:
    """As `score_and_collect`; between both the sets (N, L) of 0 and 1 of a method that says sets, or None."""
    said = {"chosen": np.arange(len(prepared))} if method.says_sets else {}
    scores, kept = score_and_collect(method, prepared, {**keep, **said}, advance, **how)
    return scores, kept.pop("chosen", None), kept


def score_and_collect(
    method: Method,
    prepared: Prepared,
    keep: Mapping[str, NDArray[np.int64]],
    advance: Advance | None = None,
    **how: Any,
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Scores (N, L) and, in the same pass, parts of Forward for the rows asked for.

    `keep` maps a part's name to sorted rows; the part comes back as (rows, …) float32, and is left out
    where the method does not give it.
    """
    scores = np.zeros((len(prepared), len(method.label_space)), dtype=np.float32)
    kept: dict[str, np.ndarray] = {}
    for batch, forward in forwards(method, prepared, **how):
        rows = batch.rows.cpu().numpy()
        scores[rows] = method.probabilities(forward).cpu().numpy()
        for name, wanted in keep.items():
            part = getattr(forward, name)
            inside, place = _places(rows, wanted)
            if part is not None and len(inside):
                values = part[torch.from_numpy(inside)].float().cpu().numpy()
                whole = kept.setdefault(name, np.zeros((len(wanted), *values.shape[1:]), dtype=np.float32))
                whole[place] = values
        if advance is not None:
            advance(len(rows))
    return scores, kept


def _places(
    rows: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Which of a batch's rows are wanted, and where they go."""
    inside = np.flatnonzero(np.isin(rows, wanted))
    return inside, np.searchsorted(wanted, rows[inside])
