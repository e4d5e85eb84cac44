"""What methods with voting neighbours share: their settings, remembering documents, choosing the share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, cast

import numpy as np
from pydantic import Field
from scipy import sparse
from torch import Tensor

from workbench.methods.base import Batch, Forward, Material, MethodConfig
from workbench.methods.nearest_neighbours import Neighbours, chosen_share, mix_scores
from workbench.methods.vectors import at_least_float32, to_unit_length

Distances = Literal["unit", "plain"]


class VotingConfig(MethodConfig):
    """How neighbours vote."""

    k: int = Field(30, ge=1, description="neighbours that vote")
    temperature: float = Field(0.1, gt=0, description="tau, of the softmax over neighbours' distances")
    share: float | None = Field(
        None, ge=0, le=1, description="lambda, what neighbours count for; unset: chosen on validation"
    )
    distances: Distances = Field(
        "unit", description="between vectors of unit length, or as they are (plain): other temperatures suit"
    )


def measured(vectors: Tensor, distances: str) -> Tensor:
    """Vectors (..., H) as distances are taken between them, in float32 at least."""
    return to_unit_length(vectors) if distances == "unit" else at_least_float32(vectors)


def voted(neighbours: Neighbours, forward: Forward, config: VotingConfig) -> Tensor:
    """What neighbours say of a batch's documents, (B, L)."""
    vectors = measured(cast(Tensor, forward.document), config.distances)
    scores: Tensor = neighbours(vectors, config.k, config.temperature)
    return scores


def mixed(neighbours: Neighbours, forward: Forward, own: Tensor, config: VotingConfig) -> Tensor:
    """Scores (B, L) of a method's own and of neighbours; its own alone while nothing is remembered.

    A training document is its own nearest neighbour.
    """
    if neighbours.is_empty:
        return own
    scores: Tensor = mix_scores(own, voted(neighbours, forward, config), neighbours.share)
    return scores


def remember(
    neighbours: Neighbours,
    forward: Callable[[Batch], Forward],
    own: Callable[[Forward], Tensor],
    material: Material,
    config: VotingConfig,
) -> None:
    """Keep the training documents' vectors, and choose lambda on validation where it is not given."""
    parts = (
        (batch.rows, measured(cast(Tensor, forward(batch).document), config.distances))
        for batch in material.batches("train")
    )
    neighbours.fill(parts, material.targets)
    if config.share is not None:
        neighbours.share.fill_(config.share)
        return
    scores, votes, gold = [], [], []
    for batch in material.batches("valid"):
        found = forward(batch)
        scores.append(own(found).cpu().numpy())
        votes.append(voted(neighbours, found, config).cpu().numpy())
        gold.append(sparse.csr_array(batch.targets.cpu().numpy()))
    targets = sparse.vstack(gold, format="csr")
    neighbours.share.fill_(chosen_share(np.concatenate(scores), np.concatenate(votes), targets))
