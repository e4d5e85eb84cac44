from __future__ import annotations

import math

import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods.protomix import (
    attentive_prototype,
    average_prototype,
    classification_loss,
    mix,
    prototype_distance,
)

LABELS = torch.tensor([[1.0, 0.0], [0.0, 1.0], [2.0, 2.0]])
DOCUMENT = torch.tensor([[1.0, 0.0]])


def _random(seed: int = 0, size: int = 5, n_labels: int = 7, hidden: int = 4, dtype=torch.float64):
    generator = torch.Generator().manual_seed(seed)
    document = torch.randn(size, hidden, generator=generator, dtype=dtype)
    labels = torch.randn(n_labels, hidden, generator=generator, dtype=dtype)
    targets = (torch.rand(size, n_labels, generator=generator) < 0.4).to(dtype)
    targets[0] = 0  # no label
    targets[1] = 1  # all labels
    targets[2] = 0
    targets[2, 3] = 1  # one label
    return document, labels, targets


def _loop_average(labels, targets):
    rows = []
    for row in targets:
        positives = [labels[k] for k in range(len(labels)) if row[k] > 0]
        rows.append(sum(positives) / len(positives) if positives else torch.zeros_like(labels[0]))
    return torch.stack(rows)


def _loop_attentive(document, labels, targets):
    rows = []
    for s, row in zip(document, targets, strict=True):
        positives = [k for k in range(len(labels)) if row[k] > 0]
        cosines = [float(s @ labels[k] / (s.norm() * labels[k].norm())) for k in positives]
        total = sum(math.exp(cosine) for cosine in cosines)
        prototype = torch.zeros_like(labels[0])
        for k, cosine in zip(positives, cosines, strict=True):
            prototype = prototype + math.exp(cosine) / total * labels[k]
        rows.append(prototype)
    return torch.stack(rows)


def test_average_prototype_by_hand():
    prototype = average_prototype(LABELS, torch.tensor([[1, 0, 1]]))
    assert prototype.tolist() == [[1.5, 1.0]]


def test_attentive_prototype_by_hand():
    # cosines of (1, 0) with the positives (1, 0) and (0, 1) are 1 and 0: weights e/(e+1) and 1/(e+1)
    prototype = attentive_prototype(DOCUMENT, LABELS, torch.tensor([[1, 1, 0]]))
    weight = math.e / (math.e + 1)
    assert prototype[0].tolist() == pytest.approx([weight, 1 - weight])


def test_prototypes_equal_plain_loops():
    document, labels, targets = _random()
    torch.testing.assert_close(average_prototype(labels, targets), _loop_average(labels, targets))
    torch.testing.assert_close(
        attentive_prototype(document, labels, targets), _loop_attentive(document, labels, targets)
    )


def test_prototypes_of_labels_per_document_equal_shared_ones():
    document, labels, targets = _random()
    per_document = labels.expand(len(document), *labels.shape)
    torch.testing.assert_close(average_prototype(per_document, targets), average_prototype(labels, targets))
    torch.testing.assert_close(
        attentive_prototype(document, per_document, targets), attentive_prototype(document, labels, targets)
    )


def test_a_document_without_labels_has_a_zero_prototype():
    document, labels, targets = _random()
    assert average_prototype(labels, targets)[0].abs().sum() == 0
    assert attentive_prototype(document, labels, targets)[0].abs().sum() == 0


def test_one_label_is_its_own_prototype():
    document, labels, targets = _random()
    torch.testing.assert_close(attentive_prototype(document, labels, targets)[2], labels[3])
    torch.testing.assert_close(average_prototype(labels, targets)[2], labels[3])


def test_attention_lets_gradients_through_to_document_and_labels():
    document, labels, targets = _random()
    document.requires_grad_(True)
    labels.requires_grad_(True)
    attentive_prototype(document, labels, targets)[3].square().sum().backward()
    assert document.grad[3].abs().sum() > 0
    assert torch.isfinite(labels.grad).all()
    assert labels.grad.abs().sum() > 0


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_prototypes_in_half_precision_are_close_to_float64(dtype):
    document, labels, targets = _random()
    half = attentive_prototype(document.to(dtype), labels.to(dtype), targets)
    assert half.dtype == dtype
    torch.testing.assert_close(
        half.double(), attentive_prototype(document, labels, targets), atol=0.05, rtol=0.05
    )


def test_prototype_distance_by_hand():
    document, prototype = torch.tensor([[1.0, 2.0], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    assert prototype_distance(document, prototype).item() == pytest.approx((2.5 + 12.5) / 2)
    assert prototype_distance(document, prototype, reduction="sum").item() == pytest.approx((5 + 25) / 2)


def test_prototype_distance_leaves_out_documents_without_labels():
    document, prototype = torch.tensor([[1.0, 2.0], [0.0, 0.0]]), torch.tensor([[0.0, 0.0], [3.0, 4.0]])
    targets = torch.tensor([[1, 0, 1], [0, 0, 0]])
    assert prototype_distance(document, prototype, targets).item() == pytest.approx(2.5)
    assert prototype_distance(document, prototype, torch.zeros(2, 3)).item() == 0


def test_the_two_sides_of_equation_8_differ_by_exactly_the_hidden_size():
    document, labels, targets = _random(hidden=6)
    prototype = average_prototype(labels, targets)
    ratio = prototype_distance(document, prototype, targets, "sum") / prototype_distance(
        document, prototype, targets, "mean"
    )
    assert ratio.item() == pytest.approx(6)


def test_equation_9_expands_the_distance_of_unit_vectors():
    document, labels, targets = _random()
    document = torch.nn.functional.normalize(document, dim=1)
    labels = torch.nn.functional.normalize(labels, dim=1)
    prototype = average_prototype(labels, targets)
    for i in range(1, len(document)):
        positives = labels[targets[i] > 0]
        n, total = len(positives), positives.sum(dim=0)
        expanded = 1 - 2 / n * document[i] @ total + total.square().sum() / n**2
        direct = prototype_distance(document[i : i + 1], prototype[i : i + 1], reduction="sum")
        assert direct.item() == pytest.approx(expanded.item(), rel=1e-6)


def test_classification_loss_by_hand_in_both_readings():
    # probabilities 0.5 and 0.8 for gold 1 and 0: -log 0.5 and -log 0.2
    logits = torch.tensor([[0.0, math.log(4)]])
    targets = torch.tensor([[1.0, 0.0]])
    terms = -math.log(0.5) - math.log(0.2)
    assert classification_loss(logits, targets).item() == pytest.approx(terms / 2)
    assert classification_loss(logits, targets, "paper").item() == pytest.approx(terms)


def test_classification_loss_stays_finite_for_huge_logits_and_soft_targets():
    logits = torch.tensor([[1000.0, -1000.0]], dtype=torch.float32)
    assert classification_loss(logits, torch.tensor([[1.0, 0.0]])).item() == 0
    assert classification_loss(logits, torch.tensor([[0.75, 0.25]])).item() == pytest.approx(250)


def test_mix_by_hand():
    mixed = mix(torch.tensor([0.0, 4.0]), torch.tensor([1.0, 0.0]), 0.25)
    assert mixed.tolist() == [0.25, 3.0]


@pytest.mark.parametrize("lam, index", [(0.0, 0), (1.0, 1)])
def test_mix_at_the_ends_gives_one_side(lam, index):
    sides = (torch.tensor([1.0, 2.0]), torch.tensor([3.0, 4.0]))
    assert torch.equal(mix(*sides, lam), sides[index])


def test_unknown_readings_and_reductions_name_the_known_ones():
    with pytest.raises(WorkbenchError, match="known readings: default, paper"):
        classification_loss(torch.zeros(1, 2), torch.zeros(1, 2), "code")
    with pytest.raises(WorkbenchError, match="known reductions: mean, sum"):
        prototype_distance(DOCUMENT, DOCUMENT, reduction="max")
