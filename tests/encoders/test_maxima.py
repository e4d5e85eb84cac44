from __future__ import annotations

import numpy as np
import pytest
import torch

from workbench.encoders.maxima import window_maxima

VALID = torch.tensor([[True, True, True, True], [True, False, False, False], [False, True, True, False]])


@pytest.fixture
def leaves() -> list[torch.Tensor]:
    """Words (3, 6, 4), weight (5, 4, 3) and bias (5,) in float64."""
    generator = torch.Generator().manual_seed(0)
    shapes = [(3, 6, 4), (5, 4, 3), (5,)]
    return [torch.randn(*s, generator=generator, dtype=torch.float64).requires_grad_() for s in shapes]


def by_loops(words: np.ndarray, weight: np.ndarray, bias: np.ndarray, valid: np.ndarray) -> np.ndarray:
    best = np.full((len(words), len(weight)), -np.inf)
    for document, feature in np.ndindex(best.shape):
        for start in np.flatnonzero(valid[document]):
            response = bias[feature]
            for step in range(weight.shape[2]):
                response += weight[feature, :, step] @ words[document, start + step]
            best[document, feature] = max(best[document, feature], response)
    return best


def test_maxima_agree_with_plain_loops(leaves):
    expected = by_loops(*(leaf.detach().numpy() for leaf in leaves), VALID.numpy())
    np.testing.assert_allclose(window_maxima(*leaves, VALID).detach().numpy(), expected, rtol=1e-12)


def test_gradients_agree_with_finite_differences_once_and_twice(leaves):
    assert torch.autograd.gradcheck(lambda *given: window_maxima(*given, VALID), leaves)
    assert torch.autograd.gradgradcheck(lambda *given: window_maxima(*given, VALID), leaves)


@pytest.mark.parametrize("frozen", range(3))
def test_what_wants_no_gradient_gets_none(leaves, frozen):
    leaves[frozen].requires_grad_(False)
    window_maxima(*leaves, VALID).sum().backward()
    assert [leaf.grad is None for leaf in leaves] == [place == frozen for place in range(3)]


def test_one_document_of_one_window_by_hand():
    words = torch.tensor([[[1.0, 2.0], [3.0, 4.0]]], requires_grad=True)
    weight = torch.tensor([[[1.0, 0.5], [-1.0, 2.0]]], requires_grad=True)  # filter 0: embedding x offset
    best = window_maxima(words, weight, None, torch.tensor([[True]]))
    assert best.tolist() == [[1 * 1 + 2 * -1 + 3 * 0.5 + 4 * 2]]
    (best * 10).sum().backward()
    assert words.grad.tolist() == [[[10.0, -10.0], [5.0, 20.0]]]
    assert weight.grad.tolist() == [[[10.0, 30.0], [20.0, 40.0]]]


def test_of_equal_windows_the_first_is_trained():
    words = torch.ones(1, 4, 1, requires_grad=True)
    weight = torch.ones(1, 1, 2, requires_grad=True)
    window_maxima(words, weight, None, torch.tensor([[False, True, True]])).sum().backward()
    assert words.grad.flatten().tolist() == [0.0, 1.0, 1.0, 0.0]


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_half_precision_is_close(leaves, dtype):
    halves = [leaf.detach().to(dtype).requires_grad_() for leaf in leaves]
    exact = [leaf.detach().double().requires_grad_() for leaf in halves]
    window_maxima(*halves, VALID).sum().backward()
    window_maxima(*exact, VALID).sum().backward()
    for half, leaf in zip(halves, exact, strict=True):
        assert half.grad.dtype == dtype
        torch.testing.assert_close(half.grad.double(), leaf.grad, rtol=0.05, atol=0.05)


def test_under_autocast_weights_keep_gradients_of_their_own_type(leaves):
    singles = [leaf.detach().float().requires_grad_() for leaf in leaves]
    with torch.autocast("cpu", torch.bfloat16):
        best = window_maxima(*singles, VALID)
    best.float().sum().backward()
    torch.testing.assert_close(best.float(), window_maxima(*singles, VALID), rtol=0.05, atol=0.05)
    assert [leaf.grad.dtype for leaf in singles] == [torch.float32] * 3
