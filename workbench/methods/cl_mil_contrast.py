"""The first stage of CL-MIL: what it trains on, drawn anew each time; the paper is named in cl_mil.py."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor

from workbench.encoders.base import Encoded, Inputs
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Examples, Forward, Material
from workbench.methods.repeated import Repeated


class LabelDisjoint:
    """Which documents share no label with a given one, through the documents of each label."""

    def __init__(self, targets: sparse.csr_array) -> None:
        """`targets` (N, L) of 0 and 1."""
        self._labels, self._documents = targets.tocsr(), targets.tocsc()

    def rows(self, document: int) -> NDArray[np.int64]:
        """The documents, ascending; those without labels among them. One without labels may meet itself."""
        shares = np.zeros(self._labels.shape[0], dtype=bool)
        for label in self._labels.indices[slice(*self._labels.indptr[document : document + 2])]:
            shares[self._documents.indices[slice(*self._documents.indptr[label : label + 2])]] = True
        return np.flatnonzero(~shares)

    def draw(self, document: int, count: int, generator: np.random.Generator) -> NDArray[np.int64]:
        """`count` of them, each once and with equal chances; all where there are no more."""
        rows = self.rows(document)
        return rows if len(rows) <= count else generator.choice(rows, size=count, replace=False)


def target_rows(targets: sparse.csr_array, is_low: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The documents with a label of low frequency: targets (N, L), is_low (L,) -> rows, ascending."""
    return np.flatnonzero(targets @ is_low.astype(np.int64))


@dataclass(kw_only=True)
class Contrasted(Forward):
    """Vectors to compare: anchor and positive (A, H), negatives (M, H), and whose they are (A, M) bool."""

    anchor: Tensor
    positive: Tensor
    negatives: Tensor
    is_negative: Tensor


class ContrastiveDocuments:
    """Target documents, and for each batch of them documents that share no label with one of them.

    All that are drawn for a batch are negatives of each of its targets with which they share no label.
    """

    def __init__(self, read: Callable[[Inputs], Encoded], is_low: NDArray[np.bool_], negatives: int) -> None:
        """`read` encodes texts alone, `is_low` (L,) marks labels of low frequency."""
        self._read, self._is_low, self._negatives = read, is_low, negatives
        self._documents: Examples | None = None
        self._disjoint: LabelDisjoint | None = None

    def examples(self, material: Material) -> Examples:
        """The training documents with a label of low frequency.

        Raises:
            WorkbenchError: when no training document shares no label with any of them.
        """
        rows = target_rows(material.targets, self._is_low)
        disjoint = LabelDisjoint(material.targets)
        if not any(len(disjoint.rows(row)) for row in rows):
            raise WorkbenchError(
                f"Each training document shares a label with all {len(rows):,} of those that have a rare "
                "one, so nothing can be contrasted with them. Leave out a label that stands on every "
                "document, or train without the first stage: mil, dil or joint-bert."
            )
        self._documents, self._disjoint = material.documents, disjoint
        return Repeated(material.documents, rows)

    def forward(self, batch: Batch) -> Contrasted:
        """Draw negatives, then encode targets, the same under another dropout, and negatives at once."""
        assert self._documents is not None and self._disjoint is not None
        rows = batch.rows.cpu().numpy()
        generator = np.random.default_rng(int(torch.randint(1 << 62, ())))
        drawn = [self._disjoint.draw(row, self._negatives, generator) for row in rows]
        others = np.unique(np.concatenate(drawn))
        whole = self._documents[np.concatenate([rows, rows, others])].to(batch.rows.device)
        vectors = self._read(whole.inputs).document
        anchor, positive, negatives = vectors.split([len(rows), len(rows), len(others)])
        own, theirs = whole.targets[: len(rows)].float(), whole.targets[2 * len(rows) :].float()
        return Contrasted(
            logits=vectors.new_zeros(len(rows), 0),
            anchor=anchor,
            positive=positive,
            negatives=negatives,
            is_negative=own @ theirs.T == 0,
        )
