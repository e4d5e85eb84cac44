"""The auxiliary tasks of LACO as terms of a loss; the paper is named in laco.py.

Eq. 4 and 6 are sums over a document's labels, Eq. 5 is one pair's. All are divided by the number of labels,
as the mean of Eq. 4 is, so that they stand to each other as printed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import torch
from pydantic import Field
from torch import Tensor

from workbench.methods.base import Batch, Forward, Objective
from workbench.methods.laco_equations import (
    conditional_loss,
    given_features,
    pair_features,
    pair_loss,
    sample_given,
    sample_pairs,
)

Head = Callable[[Tensor], Tensor]
"""From features (..., 2H) to logits (..., 1)."""


class PairSettings(Objective.Settings):
    """Which pairs are drawn, and how much they weigh."""

    negatives_per_positive: int = Field(2, ge=1, description="pairs with one of a document's labels only")


class PairCooccurrence(Objective):
    """PLCP: which two labels occur together (Eq. 5), with pairs drawn anew each time."""

    name = "plcp"
    requires = ("labels",)
    Settings = PairSettings

    def __init__(self, settings: PairSettings, head: Head) -> None:
        super().__init__(settings)
        self._head = head

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the batch's pairs, divided by the number of labels."""
        labels = cast(Tensor, forward.labels)
        document, first, second, is_pair = sample_pairs(batch.targets, self.settings.negatives_per_positive)
        logits = self._head(pair_features(labels, document, first, second)).squeeze(-1)
        return pair_loss(logits, is_pair) / batch.targets.shape[1]


class GivenSettings(Objective.Settings):
    """How many labels are given, and how much the others weigh."""

    given: int = Field(1, ge=1, description="s, the labels of a document that are given")


class ConditionalCooccurrence(Objective):
    """CLCP: which other labels come with the given ones (Eq. 6), those being drawn anew each time."""

    name = "clcp"
    requires = ("labels",)
    Settings = GivenSettings

    def __init__(self, settings: GivenSettings, head: Head) -> None:
        super().__init__(settings)
        self._head = head

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the labels that are not given, divided by the number of labels."""
        labels = cast(Tensor, forward.labels)
        given = sample_given(batch.targets, self.settings.given)
        context = given_features(labels, given).unsqueeze(1)  # (B, 1, H)
        shape = (*batch.targets.shape, labels.shape[-1])
        both = torch.cat([context.expand(shape), labels.expand(shape)], dim=-1)  # (B, L, 2H)
        return conditional_loss(self._head(both).squeeze(-1), batch.targets, given) / batch.targets.shape[1]
