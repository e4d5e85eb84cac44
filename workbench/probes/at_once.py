"""The loss at all points of a plane at once, where vectors are quickly had and the head is linear."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.methods.base import Batch, Method
from workbench.methods.protomix_equations import classification_loss
from workbench.probes.directions import Plane, Weights
from workbench.probes.documents import Sample
from workbench.probes.threads import spread
from workbench.probes.vectors import Vectors, blocks

_HELD = 1 << 26
"""Numbers of document vectors held at once: 256 MB."""


@dataclass(frozen=True)
class Head:
    """The linear layer that turns document vectors into logits: what its tensors are called in the method."""

    weight: str
    bias: str | None

    @property
    def names(self) -> list[str]:
        """The tensors that it has."""
        return [self.weight] if self.bias is None else [self.weight, self.bias]

    def logits(self, vectors: Tensor, weights: Weights) -> Tensor:
        """Shapes: vectors (N, H) -> (N, L)."""
        return functional.linear(vectors, weights[self.weight], weights[self.bias] if self.bias else None)


@torch.inference_mode()
def find_head(method: Method, batch: Batch, plane: Plane) -> Head | None:
    """The linear layer behind `Forward.classify`, where it alone stands between documents and logits."""
    forward = method(batch)
    layer = forward.classify
    if not isinstance(layer, nn.Linear) or not torch.equal(layer(forward.document), forward.logits):
        return None
    names = {id(parameter): name for name, parameter in method.named_parameters()}
    head = Head(names[id(layer.weight)], None if layer.bias is None else names[id(layer.bias)])
    return head if plane.origin.keys() >= set(head.names) else None


def losses_at_once(
    head: Head,
    vectors: Vectors,
    sample: Sample,
    plane: Plane,
    points: np.ndarray,
    advance: Callable[[int], None] | None = None,
) -> np.ndarray:
    """The loss at each of `points` (P, 2), (P,) float64: vectors batch by batch, the head point by point."""
    losses = np.empty(len(points))
    targets = torch.cat([batch.targets for batch in sample.batches])
    for block in blocks(len(points), len(sample) * plane.origin[head.weight].shape[1], _HELD):
        here = points[block]
        held = _all_vectors(vectors, sample, here, _in_shares(len(here), len(sample.batches), advance))

        def judge(
            point: int, here: np.ndarray = here, held: list[Tensor] = held, block: slice = block
        ) -> None:
            documents = torch.cat([part[point] for part in held])  # (N, H)
            weights = plane.at(here[point, 0], here[point, 1], head.names)
            losses[block][point] = float(classification_loss(head.logits(documents, weights), targets))

        spread(judge, range(len(here)))
    return losses


def _all_vectors(
    vectors: Vectors, sample: Sample, points: np.ndarray, done: Callable[[], None]
) -> list[Tensor]:
    """Each batch's document vectors (P, B, H)."""
    held = [torch.empty(0)] * len(sample.batches)

    def encode(number: int) -> None:
        held[number] = vectors(sample.batches[number], points)

    spread(encode, range(len(held)), done)
    return held


def _in_shares(total: int, parts: int, advance: Callable[[int], None] | None) -> Callable[[], None]:
    """Advances by a `parts`-th of `total` each time, in whole numbers that add up."""
    steps = iter(np.diff(np.linspace(0, total, parts + 1).astype(int)).tolist())
    return lambda: advance(next(steps)) if advance is not None else None
