"""Mixup: one draw a batch, shared by every objective that mixes."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from workbench.errors import WorkbenchError
from workbench.methods.base import Batch


@dataclass(frozen=True)
class Mixing:
    """What one batch is mixed by: lambda in [0, 1] and each document's partner, a permutation (B,).

    `alpha` is what lambda was drawn with; None where nobody drew it.
    """

    lam: float
    partner: Tensor
    alpha: float | None = None


def draw_mixing(size: int, alpha: float, device: torch.device | None = None) -> Mixing:
    """Draw lambda ~ Beta(alpha, alpha) and a random permutation of `size` documents (ProtoMix Eq. 11)."""
    lam = float(torch.distributions.Beta(alpha, alpha).sample())
    return Mixing(lam, torch.randperm(size).to(device or torch.device("cpu")), alpha)


def batch_mixing(batch: Batch, alpha: float) -> Mixing:
    """The batch's draw; drawn on the first call, the same for every objective after it.

    Raises:
        WorkbenchError: when the batch is mixed with another alpha already.
    """
    if "mixing" not in batch.draws:
        batch.draws["mixing"] = draw_mixing(len(batch.targets), alpha, batch.targets.device)
    mixing: Mixing = batch.draws["mixing"]
    if mixing.alpha not in (None, alpha):
        raise WorkbenchError(
            f"Two parts of the method mix the same documents, one with alpha={mixing.alpha:g}, one with "
            f"alpha={alpha:g}, but a batch is mixed once. Give both the same: --set alpha={mixing.alpha:g} "
            f"and --add …:alpha={mixing.alpha:g}."
        )
    return mixing
