"""SEP-MLDC's classification loss (Eq. 19) against plain loops, and where it goes when it is let go."""

from __future__ import annotations

import math

import pytest
import torch
from torch.nn import functional

from workbench.methods.sep_mldc_equations import classification_loss, positives_loss

READINGS = ("default", "paper")
# Documents 0 and 1 have the same labels, 2 shares one of them, 3 has none; label 3 has no document.
TARGETS = torch.tensor([[1, 1, 0, 0], [1, 1, 0, 0], [0, 1, 1, 0], [0, 0, 0, 0]], dtype=torch.uint8)


def _drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_the_classification_loss_is_that_of_plain_loops():
    logits, targets = _drawn(3, 4), TARGETS[1:]
    default = paper = 0.0
    for i in range(3):
        whole = sum(math.exp(value) for value in logits[i].tolist())
        for value, is_own in zip(logits[i].tolist(), targets[i].tolist(), strict=True):
            chance = 1 / (1 + math.exp(-value))
            default -= math.log(chance if is_own else 1 - chance) / 12
            paper -= is_own * math.log(math.exp(value) / whole) / 3
    assert classification_loss(logits, targets).item() == pytest.approx(default)
    assert classification_loss(logits, targets, "paper").item() == pytest.approx(paper)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("reading", READINGS)
def test_the_classification_loss_is_finite_in_half_precision(reading: str, dtype: torch.dtype):
    logits = torch.tensor([[60000.0, -60000.0, 0.0]]).to(dtype)
    found = classification_loss(logits, torch.tensor([[0, 1, 0]]), reading)
    assert found.dtype == torch.float32
    assert torch.isfinite(found)


def _trained_on(loss, steps: int = 2000) -> torch.Tensor:
    """Free logits (3, 4) after so many steps down a loss."""
    logits = torch.zeros(3, 4, requires_grad=True)
    for _ in range(steps):
        (slope,) = torch.autograd.grad(loss(logits), logits)
        logits = (logits - slope).detach().requires_grad_()
    return logits.detach()


def test_with_a_sigmoid_the_printed_loss_predicts_every_label_and_with_a_softmax_it_does_not():
    """One vector of label scores for three documents, as a classifier that knows nothing of them has it."""
    targets = TARGETS[:3].float()
    shared = targets.mean(dim=0).expand(3, -1)  # what such a classifier can be told of labels 0, 1 and 2

    collapsed = _trained_on(lambda logits: positives_loss(functional.logsigmoid(logits), shared))
    assert (collapsed[:, :3].sigmoid() > 0.99).all()
    assert positives_loss(functional.logsigmoid(collapsed), targets) < 0.03
    assert (collapsed[:, 3] == 0).all()  # a label that no document has is not moved at all

    of_softmax = _trained_on(lambda logits: classification_loss(logits, shared, "paper"))
    shares = of_softmax.softmax(dim=1)[0]
    torch.testing.assert_close(shares, shared[0] / shared[0].sum(), atol=1e-2, rtol=0)

    of_entropy = _trained_on(lambda logits: classification_loss(logits, shared))
    torch.testing.assert_close(of_entropy.sigmoid()[0], shared[0], atol=1e-2, rtol=0)
