"""The loss at points of a plane through a model's weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from torch.func import functional_call

from workbench.methods.base import Method
from workbench.methods.protomix_equations import classification_loss
from workbench.probes.at_once import find_head, losses_at_once
from workbench.probes.directions import Plane, Weights
from workbench.probes.documents import Sample
from workbench.probes.vectors import vectors_of

Advance = Callable[[int], None]


def plane_losses(
    method: Method, sample: Sample, plane: Plane, points: np.ndarray, advance: Advance | None = None
) -> np.ndarray:
    """The clean loss at each of `points` (P, 2) of the plane, (P,) float64; overflow stays inf or nan.

    Computed from polynomials where encoder and head allow it (a CNN or a frozen encoder under a linear
    layer), else point by point. `advance` is told of points, all in all P of them.
    """
    head = find_head(method, sample.batches[0], plane)
    vectors = vectors_of(method.encoder, plane)
    if head is None or vectors is None:
        return losses_point_by_point(method, sample, plane, points, advance)
    return losses_at_once(head, vectors, sample, plane, points, advance)


def losses_point_by_point(
    method: Method, sample: Sample, plane: Plane, points: np.ndarray, advance: Advance | None = None
) -> np.ndarray:
    """What `plane_losses` gives, by one forward pass over all documents a point, for every model."""
    losses = np.empty(len(points))
    for place, (x, y) in enumerate(points.tolist()):
        losses[place] = clean_loss(method, sample, plane.at(x, y))
        if advance is not None:
            advance(1)
    return losses


@torch.inference_mode()
def clean_loss(method: Method, sample: Sample, weights: Weights) -> float:
    """Binary cross entropy of unmixed documents, mean over labels and documents, with these weights.

    This is ProtoMix's Eq. 3 in evaluation mode, in float32, for every method: what is compared is where they
    ended, not what each minimised on the way.
    """
    total = 0.0
    for batch in sample.batches:
        forward = functional_call(method, weights, (batch,))
        total += float(classification_loss(forward.logits, batch.targets)) * len(batch.rows)
    return total / len(sample)
