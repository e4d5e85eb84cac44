"""Nearest neighbours beside any method: the labels of like training documents are mixed into its scores.

The step after training of "Contrastive Learning-Enhanced Nearest Neighbor Mechanism for Multi-Label Text
Classification" (ACL 2022), without its contrast: the base is any method that gives document vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal

import numpy as np
from pydantic import Field
from torch import Tensor

from workbench.cards.knn import CARD
from workbench.encoders.base import Encoder
from workbench.errors import WorkbenchError
from workbench.methods.base import Batch, Forward, LabelSpace, Material, MethodConfig, Stage
from workbench.methods.classification import Classification
from workbench.methods.nearest_neighbours import Neighbours
from workbench.methods.neighbour_voting import VotingConfig, mixed, remember
from workbench.methods.registry import register
from workbench.methods.wrapping import Wrapper, WrapperConfig


class KNNConfig(WrapperConfig, VotingConfig):
    """The method inside, and how neighbours vote."""

    variant: Literal["knn"] = Field("knn", description="there is one")


@register
class KNN(Wrapper):
    """Any method that gives document vectors, and what its nearest training documents say.

    The base reads with the run's encoder, a CNN where none is named, not with its own.
    """

    name = "knn"
    variants: ClassVar[dict[str, str]] = {
        "knn": "any other method, with the labels of the nearest training documents mixed into its scores",
    }
    card = CARD
    Config = KNNConfig

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        self.neighbours = Neighbours(encoder.hidden_size, len(labels))

    def forward(self, batch: Batch) -> Forward:
        """What the base gives."""
        found = super().forward(batch)
        if found.encoded is None:
            raise WorkbenchError(
                f"knn compares document vectors, and {self.base.name} gives none. Take another base, such as "
                "--set base=protomix or --set base=lsfa."
            )
        return found

    def probabilities(self, forward: Forward) -> Tensor:
        """The base's scores, mixed with what neighbours say once they are remembered."""
        return mixed(self.neighbours, forward, super().probabilities(forward), self.config)

    def stages(self) -> Sequence[Stage]:
        """The base's stages; then training documents are remembered, which trains nothing."""
        self.neighbours.require_room(self.label_space.n_train + self.label_space.n_generated)
        last = Stage("knn", [Classification()], is_classifier=False, solve=self._remember)
        return [*self.base_stages(), last]

    def arrays(self, material: Material) -> dict[str, np.ndarray]:
        """The base's, and `neighbour_share`, the lambda that scores were mixed by, (1,)."""
        share = self.neighbours.share.reshape(1).cpu().numpy()
        return super().arrays(material) | {"neighbour_share": share}

    def _remember(self, material: Material) -> None:
        remember(self.neighbours, self, super().probabilities, material, self.config)
