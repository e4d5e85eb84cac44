"""The equations of LSFA, by plain loops, by hand and in the corners."""

from __future__ import annotations

import math

import pytest
import torch

from workbench.errors import WorkbenchError
from workbench.methods.lsfa import (
    augmented_positive_loss,
    label_prototypes,
    prototypical_contrastive_loss,
    supervised_contrastive_loss,
    vae_loss,
)

LABELS = torch.tensor([0, 2, 0, 2, 2, 3])


def _features(dtype=torch.float64, size=5):
    return torch.randn(6, size, generator=torch.Generator().manual_seed(1), dtype=torch.float64).to(dtype)


def _cosine(a, b) -> float:
    dot = sum(float(x) * float(y) for x, y in zip(a, b, strict=True))
    return dot / math.sqrt(sum(float(x) ** 2 for x in a)) / math.sqrt(sum(float(y) ** 2 for y in b))


def test_prototypes_are_means_and_labels_without_features_have_none():
    features = _features()
    prototypes, counts = label_prototypes(features, LABELS, 5)
    assert counts.tolist() == [2, 0, 3, 1, 0]
    torch.testing.assert_close(prototypes[0], (features[0] + features[2]) / 2)
    torch.testing.assert_close(prototypes[2], (features[1] + features[3] + features[4]) / 3)
    torch.testing.assert_close(prototypes[3], features[5])
    assert (prototypes[[1, 4]] == 0).all()


def test_prototypes_of_no_features_and_of_half_precision():
    prototypes, counts = label_prototypes(torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64), 2)
    assert prototypes.tolist() == [[0.0] * 3] * 2
    assert counts.tolist() == [0, 0]
    many = torch.full((5000, 2), 0.1, dtype=torch.float16)  # a sum in float16 would stop growing
    prototypes, _ = label_prototypes(many, torch.zeros(5000, dtype=torch.int64), 1)
    assert prototypes.dtype == torch.float16
    torch.testing.assert_close(prototypes.float(), torch.full((1, 2), 0.1), atol=1e-4, rtol=0)


@pytest.mark.parametrize("temperature", [0.01, 0.07, 1.0])
def test_supervised_contrast_is_what_plain_loops_give(temperature):
    features = _features()
    losses = []
    for i in range(6):
        positives = [j for j in range(6) if j != i and LABELS[j] == LABELS[i]]
        if positives:
            cosines = {k: _cosine(features[i], features[k]) / temperature for k in range(6) if k != i}
            most = max(cosines.values())
            log_sum = most + math.log(sum(math.exp(value - most) for value in cosines.values()))
            losses.append(-sum(cosines[j] - log_sum for j in positives) / len(positives))
    assert len(losses) == 5  # the label 3 has one feature only
    ours = supervised_contrastive_loss(features, LABELS, temperature)
    assert float(ours) == pytest.approx(sum(losses) / len(losses))


def test_a_single_pair_or_none_has_no_supervised_contrast_but_a_gradient_of_zero():
    for features, labels in (
        (_features()[:1], LABELS[:1]),
        (_features()[:2], LABELS[:2]),
        (_features()[:0], LABELS[:0]),
    ):
        features = features.clone().requires_grad_()
        loss = supervised_contrastive_loss(features, labels, 0.07)
        assert loss.item() == 0
        loss.backward()
        assert not features.grad.any()


def test_identical_vectors_of_one_label_have_the_contrast_of_equal_shares():
    features = torch.ones(4, 3, dtype=torch.float64)
    labels = torch.tensor([0, 0, 1, 1])
    assert float(supervised_contrastive_loss(features, labels, 0.01)) == pytest.approx(math.log(3))
    prototypes = torch.ones(2, 3, dtype=torch.float64)
    assert float(prototypical_contrastive_loss(features, labels, prototypes, 0.01)) == pytest.approx(
        math.log(2)
    )


@pytest.mark.parametrize("reading", ["default", "paper", "code"])
@pytest.mark.parametrize("temperature", [0.01, 0.07, 1.0])
def test_prototypical_contrast_is_what_plain_loops_give(reading, temperature):
    features = _features()
    prototypes, counts = label_prototypes(features * 0.5 + 1, LABELS, 5)
    counts = counts.clone()
    counts[3] = 0  # its only feature drops out, and its prototype from the denominators
    known = [label for label in range(5) if counts[label] > 0]
    losses = []
    for i in range(6):
        label = int(LABELS[i])
        if label in known:
            cosines = {k: _cosine(features[i], prototypes[k]) / temperature for k in known}
            terms = [value for k, value in cosines.items() if reading != "paper" or k != label]
            terms += [cosines[label]] if reading == "code" else []
            most = max(terms)
            log_sum = most + math.log(sum(math.exp(term - most) for term in terms))
            losses.append(log_sum - cosines[label])
    ours = prototypical_contrastive_loss(features, LABELS, prototypes, temperature, counts, reading)
    assert len(losses) == 5
    assert float(ours) == pytest.approx(sum(losses) / len(losses))


def test_the_readings_of_the_denominator_by_hand():
    """One feature on its prototype, one other prototype at a right angle, temperature 1."""
    feature = torch.tensor([[2.0, 0.0]], dtype=torch.float64)
    prototypes = torch.tensor([[1.0, 0.0], [0.0, 3.0]], dtype=torch.float64)
    label = torch.tensor([0])
    expected = {
        "default": math.log(math.e + 1) - 1,  # 0.3133
        "paper": math.log(1) - 1,  # -1: below zero, for the own prototype is no part of the sum
        "code": math.log(2 * math.e + 1) - 1,  # 0.8620
    }
    for reading, value in expected.items():
        loss = prototypical_contrastive_loss(feature, label, prototypes, 1.0, reading=reading)
        assert float(loss) == pytest.approx(value)
    with pytest.raises(WorkbenchError, match=r"Unknown reading 'printed' of LSFA Eq\. 9"):
        prototypical_contrastive_loss(feature, label, prototypes, 1.0, reading="printed")


@pytest.mark.parametrize("reading", ["default", "paper", "code"])
def test_without_prototypes_the_contrast_is_zero_with_a_gradient_of_zero(reading):
    features = _features().requires_grad_()
    loss = prototypical_contrastive_loss(
        features, LABELS, torch.zeros(5, 5, dtype=torch.float64), 0.07, torch.zeros(5), reading
    )
    assert loss.item() == 0
    loss.backward()
    assert not features.grad.any()


def test_a_single_prototype_has_nothing_to_be_pushed_from():
    counts = torch.tensor([1, 0, 0, 0, 0])
    prototypes = _features()[:5]
    for reading, expected in (("default", 0.0), ("paper", 0.0), ("code", math.log(2))):
        loss = prototypical_contrastive_loss(_features(), LABELS, prototypes, 0.07, counts, reading)
        assert float(loss) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_at_a_temperature_of_a_hundredth_is_finite(dtype):
    features = _features(dtype).requires_grad_()
    prototypes, counts = label_prototypes(features.detach(), LABELS, 5)
    loss = supervised_contrastive_loss(features, LABELS, 0.01)
    loss = loss + prototypical_contrastive_loss(features, LABELS, prototypes, 0.01, counts)
    assert loss.dtype == torch.float32
    loss.backward()
    assert torch.isfinite(features.grad).all()


def test_the_generators_loss_is_what_plain_loops_give():
    generator = torch.Generator().manual_seed(2)
    reconstruction, features = torch.randn(2, 4, 3, generator=generator, dtype=torch.float64)
    mean, log_variance = torch.randn(2, 4, 2, generator=generator, dtype=torch.float64)
    squared = sum(float(reconstruction[p, h] - features[p, h]) ** 2 for p in range(4) for h in range(3)) / 12
    divergences = [
        sum(
            0.5
            * (math.exp(float(log_variance[p, z])) + float(mean[p, z]) ** 2 - 1 - float(log_variance[p, z]))
            for z in range(2)
        )
        for p in range(4)
    ]
    ours = vae_loss(reconstruction, features, mean, log_variance, 0.005)
    assert float(ours) == pytest.approx(squared + 0.005 * sum(divergences) / 4)


def test_the_divergence_is_torchs_and_zero_at_the_prior():
    mean, log_variance = torch.randn(2, 4, 3, generator=torch.Generator().manual_seed(3))
    oracle = torch.distributions.kl_divergence(
        torch.distributions.Normal(mean, (0.5 * log_variance).exp()), torch.distributions.Normal(0.0, 1.0)
    )
    zero = torch.zeros(4, 3)
    assert float(vae_loss(zero, zero, mean, log_variance, 2.0)) == pytest.approx(
        2 * float(oracle.sum(dim=1).mean()), rel=1e-5
    )
    assert float(vae_loss(zero, zero, zero, zero, 1.0)) == 0


def test_generated_features_pull_their_own_classifier_alone():
    features = torch.tensor([[1.0, 2.0], [0.5, -1.0]], dtype=torch.float64)
    weight = torch.tensor([[1.0, 1.0], [0.0, 2.0], [5.0, 5.0]], dtype=torch.float64, requires_grad=True)
    loss = augmented_positive_loss(features, torch.tensor([0, 1]), weight)
    assert loss.item() == pytest.approx((math.log1p(math.exp(-3)) + math.log1p(math.exp(2))) / 2)
    loss.backward()
    assert not weight.grad[2].any()
    assert weight.grad[:2].any(dim=1).all()
    bias = torch.tensor([-3.0, 2.0, 9.0], dtype=torch.float64)
    with_bias = augmented_positive_loss(features, torch.tensor([0, 1]), weight, bias)
    assert with_bias.item() == pytest.approx(math.log(2))
    nothing = augmented_positive_loss(features[:0], torch.zeros(0, dtype=torch.int64), weight)
    assert nothing.item() == 0
