"""The prototype VAE of LSFA (Eq. 11-15 and 18); the paper is named in lsfa.py."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from workbench.methods.base import Forward


@dataclass(kw_only=True)
class Reconstructed(Forward):
    """What the generator gives for a batch of features (P, V); logits are (P, 0), for it scores nothing.

    Shapes: features and reconstruction (P, V); mean and log_variance (P, Z).
    """

    features: Tensor
    reconstruction: Tensor
    mean: Tensor
    log_variance: Tensor


class _Norm(nn.BatchNorm1d):
    """BatchNorm to which a batch of one, which has no variance, is as in evaluation."""

    def forward(self, inputs: Tensor) -> Tensor:
        if self.training and len(inputs) == 1:
            known = self.running_mean, self.running_var, self.weight, self.bias
            return functional.batch_norm(inputs, *known, training=False, eps=self.eps)
        return super().forward(inputs)


class PrototypeVAE(nn.Module):
    """Encodes a feature beside its label's prototype, decodes variation beside a prototype.

    Two layers each way with a LeakyReLU between them. Reading "default": mean and log-variance are linear,
    and so is the output; "code": a ReLU on both, BatchNorm and ReLU on the output.
    """

    def __init__(self, size: int, hidden: int, latent: int, reading: str = "default") -> None:
        super().__init__()
        is_code = reading == "code"
        self.latent = latent
        self.trunk = nn.Sequential(nn.Linear(2 * size, hidden), nn.LeakyReLU())
        self.mean = nn.Sequential(nn.Linear(hidden, latent), *[nn.ReLU()] * is_code)  # Eq. 11
        self.log_variance = nn.Sequential(nn.Linear(hidden, latent), *[nn.ReLU()] * is_code)  # Eq. 12
        end = [_Norm(size), nn.ReLU()] if is_code else []
        self.decoder = nn.Sequential(
            nn.Linear(latent + size, hidden), nn.LeakyReLU(), nn.Linear(hidden, size), *end
        )

    def encode(self, features: Tensor, prototypes: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance (P, Z) of features (P, V) beside their prototypes (P, V): Eq. 11-12."""
        inside = self.trunk(torch.cat([features, prototypes], dim=1))
        return self.mean(inside), self.log_variance(inside)

    def decode(self, variation: Tensor, prototypes: Tensor) -> Tensor:
        """A feature (P, V) for each variation (P, Z) around a prototype (P, V): Eq. 15 and 18."""
        decoded: Tensor = self.decoder(torch.cat([variation, prototypes], dim=1))
        return decoded

    def forward(self, features: Tensor, prototypes: Tensor) -> Reconstructed:
        """Encode, draw a variation around the mean (Eq. 13-14) and decode it."""
        mean, log_variance = self.encode(features, prototypes)
        noise = torch.randn_like(mean)
        variation = mean + noise * (0.5 * log_variance).exp()
        return Reconstructed(
            logits=features.new_zeros(len(features), 0),
            features=features,
            reconstruction=self.decode(variation, prototypes),
            mean=mean,
            log_variance=log_variance,
        )
