"""VCLDL: a variational autoencoder of label sets corrects the logits of a method that is trained already.

Paper: "Variational Continuous Label Distribution Learning for Multi-Label Text Classification" (TKDE 2023).
The base is any method. Its logits are computed once, in evaluation mode, and nothing of it is trained
further. How the authors share out their seven blocks of correlation we do not know; here the way from logits
to scores and the encoder of label sets have two each, the decoder of logits one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar, Literal, cast

import numpy as np
import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from workbench.cards.vcldl import CARD
from workbench.encoders.base import Encoder
from workbench.files import check_room
from workbench.methods.base import (
    Batch,
    Examples,
    Forward,
    LabelSpace,
    Material,
    MethodConfig,
    Objective,
    Stage,
)
from workbench.methods.classification import Classification
from workbench.methods.label_correlation import correlation_blocks
from workbench.methods.registry import register
from workbench.methods.stored_examples import StoredExamples
from workbench.methods.vectors import at_least_float32
from workbench.methods.wrapping import Wrapper, WrapperConfig

_LEAST = 1e-6
"""Probabilities of the base nearer to 0 or 1 count as this near, so that their logits stay finite."""


class VCLDLConfig(WrapperConfig):
    """Hyper-parameters of the head."""

    variant: Literal["vcldl"] = Field("vcldl", description="there is one")
    block_units: int = Field(200, ge=1, description="of each block of correlation, and of the latent layer")
    alpha: float = Field(0.01, ge=0, description="weight of the autoencoder's loss")
    divergence: Literal["mean", "sum"] = Field(
        "mean", description="over labels; with the sum (code) alpha means another thing for each label set"
    )
    head_epochs: int = Field(10, ge=1, description="passes over the training documents' logits")
    head_rate: float = Field(1e-3, gt=0, description="learning rate of the head; the authors' is 1e-5")


@dataclass(kw_only=True)
class Drawn(Forward):
    """What the autoencoder makes of logits and gold sets; all (B, L).

    `inside` is E_x(x), `again` what it is decoded to, `sets` the logits of the gold sets decoded; `mean` and
    `variance` are of the latent normal distribution.
    """

    inside: Tensor
    again: Tensor
    sets: Tensor
    mean: Tensor
    variance: Tensor


class Autoencoding(Objective):
    """Half the squared error of logits, cross entropy of label sets, and divergence from the normal."""

    name = "autoencoding"

    def __init__(self, settings: Objective.Settings, divergence: str) -> None:
        super().__init__(settings)
        self._divergence = divergence

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The sum of the three, each the mean over documents."""
        drawn = cast(Drawn, forward)
        distance = functional.mse_loss(drawn.again.float(), drawn.inside.float())
        entropy = functional.binary_cross_entropy_with_logits(drawn.sets.float(), batch.targets.float())
        spread = normal_divergence(drawn.mean.float(), drawn.variance.float())
        spread = spread.mean(dim=1) if self._divergence == "mean" else spread.sum(dim=1)
        return 0.5 * distance + entropy + spread.mean()


class Head(nn.Module):
    """The encoders and decoders of logits and of label sets."""

    def __init__(self, n_labels: int, units: int) -> None:
        super().__init__()
        self.encode_logits = correlation_blocks(2, n_labels, units)
        self.encode_sets = correlation_blocks(2, n_labels, units)
        self.decode_logits = correlation_blocks(1, n_labels, units)
        self.decode_sets = correlation_blocks(2, n_labels, units)
        self.latent = nn.Sequential(nn.Linear(n_labels, units), nn.ELU())
        self.mean = nn.Linear(units, n_labels)
        self.variance = nn.Linear(units, n_labels)

    def forward(self, logits: Tensor) -> Tensor:
        """The corrected logits (B, L): nothing is drawn, and no label set is asked for."""
        found: Tensor = self.decode_sets(self.encode_logits(logits))
        return found

    def draw(self, logits: Tensor, targets: Tensor) -> Drawn:
        """Encode logits and gold sets (B, L) together, draw around the mean, decode both."""
        inside = self.encode_logits(logits)
        latent = self.latent(inside + self.encode_sets(targets))
        mean, variance = self.mean(latent), functional.softplus(self.variance(latent)) + 1e-8
        drawn = mean + variance.sqrt() * torch.randn_like(mean)
        return Drawn(
            self.decode_sets(inside),
            inside=inside,
            again=self.decode_logits(drawn),
            sets=self.decode_sets(drawn),
            mean=mean,
            variance=variance,
        )


@register
class VCLDL(Wrapper):
    """VCLDL's head on any method, which reads with the run's encoder, a CNN where none is named."""

    name = "vcldl"
    variants: ClassVar[dict[str, str]] = {
        "vcldl": "an autoencoder of label sets corrects the logits of another method, trained before",
    }
    card = CARD
    Config = VCLDLConfig

    has_head: Tensor

    def __init__(self, encoder: Encoder, labels: LabelSpace, config: MethodConfig) -> None:
        super().__init__(encoder, labels, config)
        self.head = Head(len(labels), self.config.block_units)
        self.register_buffer("has_head", torch.tensor(False))

    def forward(self, batch: Batch) -> Forward:
        """The base's answer, with corrected logits (B, L) once the head is there."""
        found = super().forward(batch)
        if not bool(self.has_head):
            return found
        return replace(found, logits=self.head(self._logits(found)), classify=None, heads=None)

    def probabilities(self, forward: Forward) -> Tensor:
        """The base's scores; once the head is there, those of its logits."""
        if not bool(self.has_head):
            return super().probabilities(forward)
        return torch.sigmoid(forward.logits.float())

    def stages(self) -> Sequence[Stage]:
        """The base's stages, then the head alone."""
        settings = Objective.Settings(weight=self.config.alpha)
        head = Stage(
            "vcldl",
            [Classification(), Autoencoding(settings, self.config.divergence)],
            epochs=self.config.head_epochs,
            learning_rate=self.config.head_rate,
            rate_setting="head_rate",
            trains=lambda name: name.startswith("head."),
            examples=self._stored,
            forward=lambda batch: self.head.draw(batch.inputs["logits"], batch.targets.float()),
        )
        return [*self.base_stages(), head]

    def _logits(self, forward: Forward) -> Tensor:
        """Logits (B, L) of the base's scores, however it comes to them."""
        return torch.logit(at_least_float32(self.base.probabilities(forward)), eps=_LEAST)

    def _stored(self, material: Material) -> Examples:
        """The base's logits of all training documents, computed once."""
        self.has_head.fill_(True)
        path: Path = material.folder / "logits.npy"
        shape = material.targets.shape
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            check_room(path.parent, 4 * shape[0] * shape[1], "The base's logits", "keep fewer labels")
            begun = path.with_suffix(".part")
            logits = np.lib.format.open_memmap(begun, mode="w+", dtype=np.float32, shape=shape)
            for batch in material.batches("train"):
                logits[batch.rows.cpu().numpy()] = self._logits(self.base(batch)).cpu().numpy()
            logits.flush()
            begun.replace(path)
        return StoredExamples({"logits": np.load(path, mmap_mode="r")}, material.targets)


def normal_divergence(mean: Tensor, variance: Tensor) -> Tensor:
    """KL(N(mean, variance) || N(0, 1)) of each number, any shape."""
    return 0.5 * (mean.square() + variance - variance.log() - 1)
