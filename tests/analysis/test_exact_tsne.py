"""The gradient of t-SNE over all pairs: plain loops in float64, and openTSNE's own without approximation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from openTSNE.tsne import kl_divergence_bh
from scipy.sparse import csr_matrix

from workbench.analysis.exact_tsne import exact_gradient


def _affinities(points: int, seed: int = 0) -> np.ndarray:
    """Symmetric, none with itself, a third of the pairs, summing to one."""
    generator = np.random.default_rng(seed)
    upper = np.triu(generator.random((points, points)) * (generator.random((points, points)) < 1 / 3), 1)
    return (upper + upper.T) / (2 * upper.sum())


def _plain(embedding: np.ndarray, affinities: np.ndarray) -> tuple[float, np.ndarray]:
    n = len(embedding)
    weight = [
        [1 / (1 + math.dist(embedding[i], embedding[j]) ** 2) if i != j else 0.0 for j in range(n)]
        for i in range(n)
    ]
    normaliser = sum(map(sum, weight))
    divergence, gradient = 0.0, np.zeros_like(embedding)
    for i in range(n):
        for j in range(n):
            p, q = affinities[i, j], weight[i][j] / normaliser
            divergence += p * math.log(p / q) if p > 0 else 0.0
            gradient[i] += (p - q) * weight[i][j] * (embedding[i] - embedding[j])
    return divergence, gradient


@pytest.mark.parametrize("spread", [1e-4, 1.0, 60.0])
def test_it_is_what_the_equations_say(spread: float):
    embedding = np.random.default_rng(1).normal(scale=spread, size=(40, 2)) + 1000 * spread
    affinities = _affinities(40)
    divergence, gradient = exact_gradient(embedding, csr_matrix(affinities), 1, should_eval_error=True)
    expected_divergence, expected = _plain(embedding, affinities)
    assert divergence == pytest.approx(expected_divergence, rel=1e-5)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-5 * np.abs(expected).max())


def test_it_is_what_opentsne_finds_without_approximating():
    embedding = np.random.default_rng(2).normal(scale=10, size=(300, 2))
    affinities = csr_matrix(_affinities(300))
    divergence, gradient = exact_gradient(embedding, affinities, 1, should_eval_error=True)
    theirs, expected = kl_divergence_bh(
        embedding, affinities, 1, bh_params={"theta": 0.0}, should_eval_error=True
    )
    assert divergence == pytest.approx(theirs, rel=1e-6)
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=2e-6 * np.abs(expected).max())


@pytest.mark.parametrize("threads", [2, 3, 64])
def test_threads_change_no_number(threads: int):
    embedding = np.random.default_rng(3).normal(size=(40, 2))
    affinities = csr_matrix(_affinities(40))
    alone = exact_gradient(embedding, affinities, 1, should_eval_error=True)
    together = exact_gradient(embedding, affinities, 1, should_eval_error=True, n_jobs=threads)
    assert together[0] == alone[0]
    np.testing.assert_array_equal(together[1], alone[1])


def test_two_points_by_hand():
    """Apart by 2: weight 1/5 each way, normaliser 2/5, q = p = 1/2, so nothing moves and nothing diverges."""
    affinities = csr_matrix([[0.0, 0.5], [0.5, 0.0]])
    divergence, gradient = exact_gradient(np.array([[0.0, 0.0], [2.0, 0.0]]), affinities, 1, True)
    assert divergence == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(gradient, 0, atol=1e-7)


def test_points_in_one_place_push_nowhere_and_the_divergence_is_left_out_when_nobody_asks():
    divergence, gradient = exact_gradient(np.ones((5, 2)), csr_matrix(_affinities(5)), 1)
    assert math.isnan(divergence)
    np.testing.assert_array_equal(gradient, 0)
