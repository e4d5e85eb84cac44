"""Tokens compared with labels in one space, and a document made of its tokens by what came out.

Shared by methods that weigh words by labels. Sources: "Enhancing Label Correlation Feedback in Multi-Label
Text Classification via Multi-Task Learning" (LACO, 2021), Eq. 1-2; before it "Joint Embedding of Words and
Labels for Text Classification" (LEAM, 2018), the compatibility matrix G.
"""

from __future__ import annotations

from torch import Tensor

from workbench.errors import WorkbenchError
from workbench.methods.vectors import to_unit_length


def cross_attention_scores(tokens: Tensor, labels: Tensor, mask: Tensor, reading: str = "default") -> Tensor:
    """How much each token has to do with each label: M, zero at padding (LACO Eq. 1, CL-MIL Eq. 2-4).

    Readings: "default" and "code" compare vectors of unit length, so that M lies in [-1, 1]; "paper" takes
    the dot product as printed. Shapes: tokens (B, T, H), labels (L, H) or (B, L, H), mask (B, T) ->
    (B, T, L).

    Raises:
        WorkbenchError: for an unknown reading, or vectors of different sizes.
    """
    if reading not in ("default", "code", "paper"):
        raise WorkbenchError(f"Eq. 1 has no reading {reading!r}. It has: default, code, paper.")
    if tokens.shape[-1] != labels.shape[-1]:
        raise WorkbenchError(
            f"Token states of {tokens.shape[-1]} numbers cannot be compared with label states of "
            f"{labels.shape[-1]}: both need the encoder's hidden size."
        )
    if reading == "paper":
        scores = tokens @ labels.transpose(-1, -2)
    else:
        scores = to_unit_length(tokens) @ to_unit_length(labels).transpose(-1, -2)
    return scores.to(tokens.dtype).masked_fill(~mask.bool().unsqueeze(-1), 0.0)


def weighted_document(weights: Tensor, tokens: Tensor, mask: Tensor) -> Tensor:
    """The document from its tokens (LACO Eq. 2): weights (B, T), tokens (B, T, H), mask (B, T) -> (B, H)."""
    real = weights.masked_fill(~mask.bool(), 0.0)
    return (real.unsqueeze(1) @ tokens).squeeze(1)
