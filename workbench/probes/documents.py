"""The documents that a probe looks at: the same ones for every run of a corpus and split."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from workbench.analysis.trained_on import trained_on
from workbench.data.corpus import Corpus, Split
from workbench.data.library import load_corpus
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Method
from workbench.runs.store import Run
from workbench.training.batches import Documents, SortedBatches
from workbench.workspace import Workspace

_BATCH = 32


@dataclass(frozen=True)
class Sample:
    """Documents of a split, tokenised once: batches of like length, and a digest over their ids."""

    batches: Sequence[Batch]
    digest: str

    def __len__(self) -> int:
        return sum(len(batch.rows) for batch in self.batches)


def training_corpus(run: Run, workspace: Workspace | None = None, corpus: Corpus | None = None) -> Corpus:
    """The corpus that `run` was trained on, found by its name (or given), cut to the run's `train_size`.

    Raises:
        WorkbenchError: when it is not there any more, or is not what it was.
    """
    name = run.manifest["recipe"]["corpus"]
    return trained_on(run, corpus if corpus is not None else _load(run.name, name, workspace))


def _load(run: str, corpus: str, workspace: Workspace | None) -> Corpus:
    try:
        return load_corpus(Path(corpus) if "/" in corpus else corpus, workspace)
    except WorkbenchError as error:
        raise WorkbenchError(f"{run} cannot be probed without its training documents. {error}") from None


def chosen_rows(size: int, wanted: int, seed: int) -> np.ndarray:
    """`wanted` of `size` rows (all, if there are no more), drawn by `seed`, sorted."""
    return np.sort(np.random.default_rng(seed).permutation(size)[:wanted])


def sample_documents(
    method: Method, split: Split, wanted: int, seed: int, device: torch.device | str = "cpu"
) -> Sample:
    """`wanted` documents of `split`, drawn by `seed` alone, made ready for `method`."""
    chosen = split.take(chosen_rows(len(split), wanted, seed))
    documents = Documents(method.encoder.prepare(list(chosen.texts)), chosen.targets)
    sorted_rows = SortedBatches(documents.prepared.lengths, _BATCH, (0, 1))
    batches = [documents[rows].to(torch.device(device)) for rows in sorted_rows]
    return Sample(batches, ids_digest(chosen.ids))


def ids_digest(ids: Sequence[str]) -> str:
    """SHA-256 (hex) over the ids in their order."""
    digest = hashlib.sha256()
    for identity in ids:
        digest.update(identity.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
