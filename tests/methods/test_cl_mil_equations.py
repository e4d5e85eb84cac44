"""CL-MIL's equations against plain loops in float64 and numbers by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods.cl_mil_equations import (
    constraint_classes,
    contrastive_loss,
    fine_grained,
    global_max,
    mixed_logits,
    sample_relations,
)
from workbench.metrics.label_relations import frequent_partners, label_relations

TARGETS = np.array(
    [[1, 1, 0, 0], [1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 0, 1], [0, 0, 0, 0]], dtype=np.uint8
)
"""Six documents, four labels; label 3 comes with no other."""
FREQUENT = torch.from_numpy(frequent_partners(label_relations(TARGETS)))


def _random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x))


# Eq. 1: cosines 0.8 to the positive, 0.6 and 0 to the two negatives
ANCHOR, POSITIVE = torch.tensor([[2.0, 0.0]]), torch.tensor([[0.8, 0.6]])
NEGATIVES = torch.tensor([[3.0, 4.0], [0.0, 5.0]])


@pytest.mark.parametrize(
    "reading, expected",
    [
        ("default", math.log(1 + math.exp(12 - 16) + math.exp(-16))),
        ("code", math.log(1 + math.exp(12 - 16) + math.exp(-16))),
        ("paper", math.log(2 + math.exp(0.03 - 0.04) + math.exp(-0.04))),
    ],
)
def test_contrast_by_hand_in_each_reading(reading: str, expected: float):
    loss = contrastive_loss(ANCHOR, POSITIVE, NEGATIVES, 20.0, reading)
    assert loss.item() == pytest.approx(expected, abs=1e-6)


def test_as_printed_the_loss_never_falls_below_log_n():
    anchor = ANCHOR.double()
    away = -anchor.expand(3, 2)
    least = contrastive_loss(anchor, anchor, away, 0.01, "paper")
    assert least.item() == pytest.approx(math.log(3))
    assert contrastive_loss(anchor, anchor, away, 20.0).item() == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("reading", ["default", "paper"])
def test_contrast_of_several_anchors_is_that_of_a_plain_loop(reading: str):
    anchor, positive, negatives = _random(4, 3), _random(4, 3, seed=1), _random(5, 3, seed=2)
    whose = torch.tensor([[1, 0, 1, 0, 0], [1, 1, 1, 1, 1], [0, 0, 0, 0, 0], [0, 0, 0, 1, 0]]).bool()
    losses = []
    for i in (0, 1, 3):
        cosine = torch.nn.functional.cosine_similarity
        scale = 1 / 20 if reading == "paper" else 20
        own = math.exp(float(cosine(anchor[i], positive[i], dim=0)) * scale)
        below = 0.0 if reading == "paper" else own
        for j in range(5):
            if whose[i, j]:
                below += math.exp(float(cosine(anchor[i], negatives[j], dim=0)) * scale)
                below += own if reading == "paper" else 0.0
        losses.append(-math.log(own / below))
    found = contrastive_loss(anchor, positive, negatives, 20.0, reading, whose)
    assert found.item() == pytest.approx(sum(losses) / 3, abs=1e-12)


@pytest.mark.parametrize("reading", ["default", "paper"])
@pytest.mark.parametrize("negatives", [torch.zeros(0, 2), torch.ones(3, 2)])
def test_without_negatives_there_is_nothing_to_learn(reading: str, negatives: torch.Tensor):
    anchor = ANCHOR.clone().requires_grad_()
    nobody = torch.zeros(1, len(negatives), dtype=torch.bool)
    loss = contrastive_loss(anchor, POSITIVE, negatives, 20.0, reading, nobody)
    loss.backward()
    assert loss.item() == 0
    assert (anchor.grad == 0).all()


def test_contrast_of_half_precision_and_of_zero_vectors_is_finite():
    half = contrastive_loss(ANCHOR.half(), POSITIVE.half(), NEGATIVES.half())
    assert half.dtype == torch.float32
    assert half.item() == pytest.approx(math.log(1 + math.exp(-4) + math.exp(-16)), abs=1e-3)
    assert torch.isfinite(contrastive_loss(0 * ANCHOR, POSITIVE, NEGATIVES))


def test_unknown_readings_are_named():
    with pytest.raises(WorkbenchError, match="no reading 'printed'"):
        contrastive_loss(ANCHOR, POSITIVE, NEGATIVES, 20.0, "printed")
    with pytest.raises(WorkbenchError, match="Table 1 has no reading 'paper'"):
        constraint_classes(torch.ones(1, 4), torch.zeros(1).long(), FREQUENT, "paper")
    with pytest.raises(WorkbenchError, match="not 'any'"):
        sample_relations(torch.ones(1, 4), FREQUENT, partner="any")


@pytest.mark.parametrize("each_document", [False, True])
@pytest.mark.parametrize("window", [(1, 1), (2, 3), (10, 10)])
def test_fine_grained_interaction_is_that_of_plain_loops(each_document: bool, window: tuple[int, int]):
    rows, width, size, count, filters = 2, 5, 3, 4, 2
    tokens = _random(rows, width, size)
    labels = _random(*((rows, count, size) if each_document else (count, size)), seed=1)
    mask = torch.tensor([[0, 1, 1, 1, 0], [1, 1, 0, 0, 0]])
    weight, bias = _random(filters, 1, *window, seed=2), _random(filters, seed=3)
    found = fine_grained(tokens, labels, mask, weight, bias)
    before = [(side - 1) // 2 for side in window]
    for b in range(rows):
        unit = [tokens[b, t] / tokens[b, t].norm() for t in range(width)]
        named = labels[b] if each_document else labels
        matrix = [
            [float(unit[t] @ named[k] / named[k].norm()) if mask[b, t] else 0.0 for k in range(count)]
            for t in range(width)
        ]
        np.testing.assert_allclose(found.correlation[b], matrix, atol=1e-12)
        weights = []
        for t in range(width):
            seen = [0.0]  # ReLU
            for f in range(filters):
                for k in range(count):
                    total = float(bias[f])
                    for i in range(window[0]):
                        for j in range(window[1]):
                            at, beside = t + i - before[0], k + j - before[1]
                            if 0 <= at < width and 0 <= beside < count:
                                total += float(weight[f, 0, i, j]) * matrix[at][beside]
                    seen.append(total)
            weights.append(math.tanh(max(seen)) if mask[b, t] else 0.0)
        np.testing.assert_allclose(found.weights[b], weights, atol=1e-12)
        for h in range(size):
            largest = max(weights[t] * float(unit[t][h]) for t in range(width) if mask[b, t])
            assert found.document[b, h].item() == pytest.approx(largest, abs=1e-12)


def test_a_document_without_words_is_zero_and_gives_no_gradient_that_is_no_number():
    tokens = _random(2, 3, 4).requires_grad_()
    mask = torch.tensor([[0, 0, 0], [1, 0, 0]])
    found = fine_grained(tokens, _random(2, 4, seed=1), mask, _random(1, 1, 2, 2, seed=2))
    assert (found.document[0] == 0).all()
    found.document.sum().backward()
    assert torch.isfinite(tokens.grad).all()
    assert (tokens.grad[0] == 0).all()


def test_half_precision_stays_near():
    tokens, labels, mask = _random(1, 4, 8), _random(3, 8, seed=1), torch.ones(1, 4)
    weight = _random(2, 1, 2, 2, seed=2)
    exact = fine_grained(tokens, labels, mask, weight).document
    half = fine_grained(tokens.half(), labels.half(), mask, weight.half()).document
    torch.testing.assert_close(half.double(), exact, atol=5e-3, rtol=5e-3)


def test_the_largest_is_of_real_tokens():
    states = torch.tensor([[[-1.0, 2.0], [-3.0, 1.0], [9.0, 9.0]], [[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]]])
    mask = torch.tensor([[1, 1, 0], [0, 0, 0]])
    assert global_max(states, mask).tolist() == [[-1.0, 2.0], [0.0, 0.0]]


@pytest.mark.parametrize("gamma", [0.0, 0.25, 0.5, 1.0])
@pytest.mark.parametrize(
    "fine, coarse", [(0.0, 0.0), (-3.0, 2.0), (30.0, -30.0), (-30.0, -29.0), (0.5, 12.0)]
)
def test_the_mixed_logit_is_that_of_the_mixed_probability(fine: float, coarse: float, gamma: float):
    a, b = torch.tensor([[fine]], dtype=torch.float64), torch.tensor([[coarse]], dtype=torch.float64)
    expected = gamma * _sigmoid(fine) + (1 - gamma) * _sigmoid(coarse)
    assert torch.sigmoid(mixed_logits(a, b, gamma)).item() == pytest.approx(expected, rel=1e-9, abs=1e-300)


def test_the_mixed_logit_keeps_the_ends_apart():
    low, high = torch.full((1, 1), -200.0), torch.full((1, 1), 200.0)
    assert mixed_logits(low, low, 0.5).item() == pytest.approx(-200)
    assert mixed_logits(high, high, 0.3).item() == pytest.approx(200)
    assert mixed_logits(high, low, 0.5).item() == pytest.approx(0, abs=1e-6)
    assert mixed_logits(high, low, 0.0).item() == -200
    assert mixed_logits(high, low, 1.0).item() == 200


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_the_mixed_logit_of_half_precision_is_exact(dtype: torch.dtype):
    ends = torch.tensor([[-65000.0, 65000.0, 0.0, -12.0]], dtype=dtype)
    found = mixed_logits(ends, ends.flip(1), 0.5)
    assert found.dtype == torch.float32
    assert torch.isfinite(found).all()
    torch.testing.assert_close(mixed_logits(ends, ends, 0.5), ends.float(), atol=1e-5, rtol=1e-5)


def test_mixing_has_gradients():
    fine = torch.tensor([[-90.0, 0.0, 90.0]], requires_grad=True)
    mixed_logits(fine, torch.zeros(1, 3), 0.5).sum().backward()
    assert torch.isfinite(fine.grad).all()
    assert fine.grad[0, 1] == pytest.approx(0.5)
