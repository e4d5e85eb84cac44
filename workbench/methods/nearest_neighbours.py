"""Nearest neighbours among training documents: exact search in parts, and what their labels say together.

For any method that has document vectors. Source: "Contrastive Learning-Enhanced Nearest Neighbor Mechanism
for Multi-Label Text Classification" (2022): neighbours vote with a softmax over their distances.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor, nn

from workbench.errors import WorkbenchError
from workbench.methods.memory import free_memory
from workbench.methods.vectors import at_least_float32
from workbench.metrics import micro_prf, threshold_scores, tune_threshold

_AT_ONCE = 1 << 24
"""Numbers of a temporary table: memory is searched in parts of such a size."""

_SPARE = 16
"""Candidates beyond k whose distances are taken exactly: products of vectors round."""

_FOR_CENTRE = 1024
"""Vectors whose mean all are moved by before products are taken: products of small vectors round less."""


@dataclass(frozen=True)
class LabelSets:
    """The labels of N documents, packed: those of document i are `labels[starts[i] : starts[i + 1]]`.

    Shapes: starts (N + 1,) and labels (P,), both int64, on one device.
    """

    starts: Tensor
    labels: Tensor
    n_labels: int

    @classmethod
    def of(cls, targets: Any) -> LabelSets:
        """Pack targets (N, L) of 0 and 1, dense or sparse."""
        rows = sparse.csr_array(targets)
        rows.eliminate_zeros()
        starts, labels = (torch.from_numpy(part.astype(np.int64)) for part in (rows.indptr, rows.indices))
        return cls(starts, labels, int(rows.shape[1]))

    def averaged(self, rows: Tensor, weights: Tensor) -> Tensor:
        """Label vectors of documents, averaged by weights: rows and weights (Q, K) -> (Q, L)."""
        first, count = self.starts[rows].flatten(), (self.starts[rows + 1] - self.starts[rows]).flatten()
        ends = count.cumsum(0)
        pair = torch.repeat_interleave(torch.arange(len(count), device=rows.device), count)
        inside = torch.arange(len(pair), device=rows.device) - (ends - count)[pair]
        labels = self.labels[first[pair] + inside]
        sums = weights.new_zeros(len(rows) * self.n_labels)
        sums.index_add_(0, pair // rows.shape[1] * self.n_labels + labels, weights.flatten()[pair])
        return sums.view(len(rows), self.n_labels)


def nearest(queries: Tensor, memory: Tensor, k: int) -> tuple[Tensor, Tensor]:
    """The k rows of memory of least Euclidean distance, nearest first; of equally near ones the first rows.

    All of a smaller memory. Distances are taken exactly, from differences, of the candidates that products
    in float32 leave. Shapes: queries (Q, H), memory (N, H) -> (distances, rows), both (Q, min(k, N)).

    Raises:
        WorkbenchError: for vectors of different sizes.
    """
    if queries.shape[1] != memory.shape[1]:
        raise WorkbenchError(
            f"Vectors of {queries.shape[1]} numbers cannot be looked up among {len(memory):,} vectors of "
            f"{memory.shape[1]}: both need to come from the same encoder."
        )
    k = min(k, len(memory))
    with torch.autocast(queries.device.type, enabled=False):
        exact = at_least_float32(queries)
        rows = _candidates(exact, memory, min(k + _SPARE, len(memory))).sort(dim=1).values
        found = []
        for some, of in _in_parts(exact, rows):
            distances = torch.linalg.vector_norm(memory[of].to(exact.dtype) - some.unsqueeze(1), dim=2)
            order = distances.sort(dim=1, stable=True).indices[:, :k]
            found.append((distances.gather(1, order), of.gather(1, order)))
    return torch.cat([d for d, _ in found]), torch.cat([r for _, r in found])


def neighbour_scores(
    queries: Tensor, memory: Tensor, memory_targets: LabelSets, k: int, temperature: float
) -> Tensor:
    """What the k nearest say of each label: their label vectors, weighed by a softmax of -d / temperature.

    Nothing of any label where the memory is empty.
    Shapes: queries (Q, H), memory (N, H), memory_targets (N, L) packed -> (Q, L) in [0, 1].
    """
    distances, rows = nearest(queries, memory, k)
    weights = (-distances / temperature).softmax(dim=1)
    return memory_targets.averaged(rows, weights).clamp(max=1.0)


def chosen_share(
    own: NDArray[np.float32], neighbours: NDArray[np.float32], targets: sparse.csr_array
) -> float:
    """The share of neighbours, in tenths, of highest micro-F1 under the threshold that suits it.

    Of several as good the smallest. Scores (V, L) of the classifier and of neighbours, targets (V, L).

    Raises:
        WorkbenchError: for targets without any label.
    """
    best, best_f1 = 0.0, -1.0
    for share in np.linspace(0, 1, 11):
        mixed = mix_scores(own, neighbours, float(share))
        f1 = micro_prf(threshold_scores(mixed, tune_threshold(mixed, targets)), targets).f1
        if f1 > best_f1:
            best, best_f1 = float(share), f1
    return best


def mix_scores(own: Any, neighbours: Any, share: Any) -> Any:
    """`share` of the neighbours' scores and the rest of the classifier's, (..., L) each."""
    return share * neighbours + (1 - share) * own


class Neighbours(nn.Module):
    """The training documents' vectors in float16 with their labels, and the share that neighbours have.

    Empty until it is filled, so that weights which are kept while training stay small; what is loaded brings
    its own size.
    """

    vectors: Tensor
    starts: Tensor
    labels: Tensor
    share: Tensor

    def __init__(self, size: int, n_labels: int) -> None:
        super().__init__()
        self.n_labels = n_labels
        self.register_buffer("vectors", torch.zeros(0, size, dtype=torch.float16))
        self.register_buffer("starts", torch.zeros(1, dtype=torch.int64))
        self.register_buffer("labels", torch.zeros(0, dtype=torch.int64))
        self.register_buffer("share", torch.zeros(()))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is remembered yet."""
        return not len(self.vectors)

    def require_room(self, documents: int) -> None:
        """Raise WorkbenchError where that many vectors, and the copy that is written, have no room."""
        needed, free = 2 * documents * 2 * self.vectors.shape[1], free_memory(self.vectors.device)
        if needed > free:
            raise WorkbenchError(
                f"Remembering {documents:,} training documents needs {needed / 1e9:.1f} GB, and "
                f"{free / 1e9:.1f} GB are free. Train on fewer (--set train_size={documents // 2}), or take "
                "a method without neighbours, such as cl-bert or bert."
            )

    def fill(self, parts: Iterable[tuple[Tensor, Tensor]], targets: sparse.csr_array) -> None:
        """Remember N documents: parts of rows (B,) and vectors (B, H), each row once, with targets (N, L)."""
        self.require_room(targets.shape[0])
        device, most = self.vectors.device, torch.finfo(torch.float16).max
        self.vectors = self.vectors.new_empty(targets.shape[0], self.vectors.shape[1])
        for rows, vectors in parts:
            self.vectors[rows] = vectors.clamp(-most, most).half()
        packed = LabelSets.of(targets)
        self.starts, self.labels = packed.starts.to(device), packed.labels.to(device)

    def forward(self, queries: Tensor, k: int, temperature: float) -> Tensor:
        """`neighbour_scores` of queries (Q, H) among what is remembered, (Q, L)."""
        known = LabelSets(self.starts, self.labels, self.n_labels)
        return neighbour_scores(queries, self.vectors, known, k, temperature)

    def _load_from_state_dict(self, state_dict: Mapping[str, Any], prefix: str, *rest: Any) -> None:
        for name in ("vectors", "starts", "labels"):
            loaded = state_dict.get(prefix + name)
            if loaded is not None:
                setattr(self, name, getattr(self, name).new_empty(loaded.shape))
        super()._load_from_state_dict(state_dict, prefix, *rest)


def _candidates(queries: Tensor, memory: Tensor, count: int) -> Tensor:
    """Rows (Q, count) of memory that are nearest by |m|^2 - 2 q m, in no order."""
    centre = memory[:_FOR_CENTRE].to(queries.dtype).mean(dim=0)
    queries = queries - centre
    best = queries.new_empty(len(queries), 0)
    rows = torch.empty(len(queries), 0, dtype=torch.int64, device=queries.device)
    size = max(1, _AT_ONCE // max(1, len(queries), queries.shape[1]))
    for start in range(0, len(memory), size):
        part = memory[start : start + size].to(queries.dtype) - centre
        reach = part.square().sum(dim=1) - 2 * queries @ part.T
        here = torch.arange(start, start + len(part), device=rows.device).expand(len(queries), -1)
        reach, here = torch.cat([best, reach], dim=1), torch.cat([rows, here], dim=1)
        best, place = reach.topk(min(count, reach.shape[1]), dim=1, largest=False)
        rows = here.gather(1, place)
    return rows


def _in_parts(queries: Tensor, rows: Tensor) -> Iterable[tuple[Tensor, Tensor]]:
    size = max(1, _AT_ONCE // max(1, rows.shape[1] * queries.shape[1]))
    return zip(queries.split(size), rows.split(size), strict=True)
