"""What most methods minimise first; shared by those that read it the same way."""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from workbench.methods.base import Batch, Forward, Objective


class Classification(Objective):
    """Binary cross entropy (LSFA Eq. 6, LACO Eq. 4), the mean over labels and documents."""

    name = "classification"

    def __call__(self, forward: Forward, batch: Batch) -> Tensor:
        """The loss of clean documents."""
        return functional.binary_cross_entropy_with_logits(forward.logits.float(), batch.targets.float())
