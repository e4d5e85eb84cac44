"""The terms that LSFA minimises, known as `lsfa.<name>`; the paper is named in lsfa.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import torch
from pydantic import Field
from torch import Tensor

from workbench.methods.base import Batch, Forward, Objective
from workbench.methods.lsfa_equations import (
    augmented_positive_loss,
    prototypical_contrastive_loss,
    supervised_contrastive_loss,
    vae_loss,
)
from workbench.methods.lsfa_generator import Reconstructed
from workbench.methods.registry import register_objective

AT_ONCE = 2048
"""Generated features that a step draws, at most."""


class ContrastSettings(Objective.Settings):
    """How sharply features are compared, and how much that weighs."""

    weight: float = Field(0.1, ge=0, description="alpha of Eq. 9")
    temperature: float = Field(0.07, gt=0, description="tau of Eq. 8 and 9, on unit vectors")


class PrototypicalSettings(ContrastSettings):
    """The same, and how Eq. 9 is read."""

    reading: Literal["default", "paper", "code"] = Field(
        "default", description="denominator of Eq. 9: all prototypes, without the own one, or with it twice"
    )


@register_objective
class SupervisedContrast(Objective):
    """Features of one label in the batch attract each other (Eq. 7-8): what Eq. 9 is a tractable form of."""

    name = "supervised_contrast"
    requires = ("label_features",)
    Settings = ContrastSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the batch's positive pairs."""
        features, label_index = positive_pairs(forward, batch)
        return supervised_contrastive_loss(features, label_index, self.settings.temperature)


@register_objective
class PrototypicalContrast(Objective):
    """Features are attracted by the prototype of their label (Eq. 9); zero while there are no prototypes."""

    name = "prototypical_contrast"
    requires = ("label_features", "prototypes", "prototype_counts")
    Settings = PrototypicalSettings

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of the batch's positive pairs."""
        assert forward.prototypes is not None
        features, label_index = positive_pairs(forward, batch)
        return prototypical_contrastive_loss(
            features,
            label_index,
            forward.prototypes,
            self.settings.temperature,
            forward.prototype_counts,
            self.settings.reading,
        )


class Reconstruction(Objective):
    """What the generator minimises (Eq. 16-17)."""

    name = "reconstruction"

    class Settings(Objective.Settings):
        """How much the divergence weighs."""

        kl_weight: float = Field(0.005, ge=0, description="weight of the divergence, Eq. 16")

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of a batch of head labels' features."""
        assert isinstance(forward, Reconstructed)
        return vae_loss(
            forward.reconstruction,
            forward.features,
            forward.mean,
            forward.log_variance,
            self.settings.kl_weight,
        )


class AugmentedPositives(Objective):
    """Classifiers of tail labels are pulled to generated features (Eq. 19)."""

    name = "augmented"

    def __init__(
        self,
        settings: Objective.Settings,
        generated: Callable[[], tuple[Tensor, Tensor]],
        classifier: Callable[[], tuple[Tensor, Tensor | None]],
    ) -> None:
        """`generated` gives features (M, V) and labels (M,), `classifier` weight (L, V) and bias (L,)."""
        super().__init__(settings)
        self._generated, self._classifier = generated, classifier

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of generated features, of `AT_ONCE` drawn ones where there are more."""
        features, label_index = self._generated()
        if len(label_index) > AT_ONCE:
            drawn = torch.randint(len(label_index), (AT_ONCE,)).to(label_index.device)
            features, label_index = features[drawn], label_index[drawn]
        return augmented_positive_loss(features, label_index, *self._classifier())


def positive_pairs(forward: Forward, batch: Batch) -> tuple[Tensor, Tensor]:
    """The features (P, V) of all documents for their own labels, and which labels these are (P,)."""
    assert forward.label_features is not None
    document, label = batch.targets.nonzero(as_tuple=True)
    return forward.label_features[document, label], label
