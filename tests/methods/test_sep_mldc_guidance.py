"""SEP-MLDC's label-guided features (Eq. 16-18) by hand, against plain loops, and in half precision."""

from __future__ import annotations

import math

import pytest
import torch

from workbench.methods.sep_mldc_equations import label_guided_features


def _drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float64, generator=torch.Generator().manual_seed(seed))


def test_label_guided_features_by_hand():
    documents = torch.tensor([[0.0, math.log(3.0)], [0.0, 0.0]])
    labels = torch.tensor([[2.0, 0.0], [2.0, 1.0]])
    found = label_guided_features(documents, labels)
    torch.testing.assert_close(found.weights, torch.tensor([[0.25, 0.75], [0.5, 0.5]]))
    expected = torch.tensor([[2.0, 0.75, 0.0, math.log(3.0)], [2.0, 0.5, 0.0, 0.0]])
    torch.testing.assert_close(found.features, expected)


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_label_guided_features_are_those_of_plain_loops(scale: float):
    documents, labels = _drawn(3, 16), _drawn(5, 16, seed=1)
    found = label_guided_features(documents, labels, scale)
    assert found.features.shape == (3, 32)
    for i in range(3):
        raised = [math.exp(scale * float(documents[i] @ labels[k])) for k in range(5)]
        weights = [value / sum(raised) for value in raised]
        guided = sum(weight * labels[k] for k, weight in enumerate(weights))
        torch.testing.assert_close(found.weights[i], torch.tensor(weights, dtype=torch.float64))
        torch.testing.assert_close(found.features[i], torch.cat([guided, documents[i]]))


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_label_guided_features_of_half_precision_are_finite_and_keep_their_type(dtype: torch.dtype):
    documents = torch.full((2, 512), 200.0, dtype=dtype)  # their products overflow float16
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = label_guided_features(documents, documents[:1])
    assert found.features.dtype == dtype
    torch.testing.assert_close(found.features, torch.cat([documents, documents], dim=1))
    assert found.weights.dtype == torch.float32
    torch.testing.assert_close(found.weights, torch.ones(2, 1))
