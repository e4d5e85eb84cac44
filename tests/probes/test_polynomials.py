from __future__ import annotations

import numpy as np
import torch
from torch.nn import functional

from workbench.probes.directions import Plane
from workbench.probes.polynomials import affine, convolution, evaluate, of_weight

POINTS = np.array([[0.0, 0.0], [0.5, -1.0], [-2.0, 3.0]])


def numbers(*shape: int) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(sum(shape)), dtype=torch.float64)


def at(terms: torch.Tensor, x: float, y: float) -> torch.Tensor:
    return terms[0] + x * terms[1] + y * terms[2]


def test_terms_stand_for_1_x_y_and_then_the_squares():
    terms = torch.tensor([[1.0], [10.0], [100.0], [1000.0], [10_000.0], [100_000.0]])
    assert evaluate(terms, np.array([[2.0, 3.0]])).tolist() == [[1 + 20 + 300 + 4000 + 60_000 + 900_000]]
    assert evaluate(terms[:3], np.array([[2.0, 3.0]])).tolist() == [[321.0]]
    assert evaluate(terms[:1], np.array([[2.0, 3.0]])).tolist() == [[1.0]]


def test_a_linear_layer_is_linear_in_the_point():
    inputs, weight, bias = numbers(4, 5), numbers(3, 2, 5), numbers(3, 2)
    with_bias, without = affine(inputs, weight, bias), affine(inputs, weight, None)
    for number, (x, y) in enumerate(POINTS):
        expected = functional.linear(inputs, at(weight, x, y), at(bias, x, y))
        torch.testing.assert_close(evaluate(with_bias, POINTS)[number], expected)
        torch.testing.assert_close(
            evaluate(without, POINTS)[number], functional.linear(inputs, at(weight, x, y))
        )


def test_a_convolution_of_moving_words_is_quadratic_in_the_point():
    words, weight, bias = numbers(3, 2, 5, 7), numbers(3, 4, 5, 2), numbers(3, 4)
    terms = convolution(words, weight, bias)
    assert len(terms) == 6
    for number, (x, y) in enumerate(POINTS):
        expected = functional.conv1d(at(words, x, y), at(weight, x, y), at(bias, x, y))
        torch.testing.assert_close(evaluate(terms, POINTS)[number], expected)


def test_a_convolution_of_words_that_stay_is_linear_in_the_point():
    words, weight, bias = numbers(1, 2, 5, 7), numbers(3, 4, 5, 3), numbers(3, 4)
    terms = convolution(words, weight, bias)
    assert len(terms) == 3
    for number, (x, y) in enumerate(POINTS):
        expected = functional.conv1d(words[0], at(weight, x, y), at(bias, x, y))
        torch.testing.assert_close(evaluate(terms, POINTS)[number], expected)


def test_a_weight_has_three_terms():
    parts = ({"w": torch.full((2, 2), value)} for value in (1.0, 2.0, 3.0))
    assert of_weight(Plane(*parts), "w")[:, 0, 0].tolist() == [1.0, 2.0, 3.0]
