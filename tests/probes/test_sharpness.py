from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import sparse

from tests.probes.conftest import TARGETS, TEXTS
from workbench.data.corpus import Split
from workbench.methods.storage import trained_weights
from workbench.probes.directions import flattened, unflattened
from workbench.probes.documents import Sample, sample_documents
from workbench.probes.sharpness import (
    hessian_product,
    largest_eigenvalue,
    loss_shares,
    mean_rises,
)

DOCUMENTS = Split(TEXTS, sparse.csr_array(TARGETS), [f"d{row}" for row in range(len(TEXTS))])


def symmetric(values: list[float]) -> np.ndarray:
    turned, _ = np.linalg.qr(np.random.default_rng(0).normal(size=(len(values), len(values))))
    return turned @ np.diag(values) @ turned.T


def started(size: int) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(1).normal(size=size))


def sampled(method) -> Sample:
    return sample_documents(method, DOCUMENTS, wanted=100, seed=0)


@pytest.mark.parametrize(
    "values",
    [
        [5.0, 1.0, 0.5, -2.0],
        [1.0, 0.99, 0.5, -7.0],  # the largest magnitude is negative
        [-1.0, -2.0, -5.0],
        [3.0, -3.0, 1.0, 0.0, 0.0],  # power iteration alone would go to and fro
        [2.0],
        [1.0, 1.0, 1.0],
        [0.0, 0.0],
    ],
)
def test_the_largest_eigenvalue_of_a_matrix_whatever_the_signs(values):
    matrix = torch.from_numpy(symmetric(values))
    found = largest_eigenvalue(lambda vector: matrix @ vector, started(len(values)), tolerance=1e-9)
    assert found.value == pytest.approx(max(values), abs=1e-8)
    assert found.is_converged
    assert found.products <= len(values)


def test_an_eigenvalue_lies_within_the_residual():
    values = np.sort(np.random.default_rng(2).normal(size=200))
    matrix = torch.from_numpy(symmetric(values.tolist()))
    for most in (1, 3, 10, 20):
        found = largest_eigenvalue(lambda v: matrix @ v, started(200), tolerance=1e-12, most=most)
        assert (found.products, found.is_converged) == (most, False)
        assert np.abs(values - found.value).min() <= found.residual + 1e-12
        assert found.value <= values[-1] + 1e-9


def test_an_overflow_ends_the_search_and_is_no_number():
    found = largest_eigenvalue(lambda vector: vector * torch.inf, started(4))
    assert np.isnan(found.value)
    assert (found.products, found.is_converged) == (1, False)


@pytest.mark.parametrize("encoder", ["cnn", "bilstm", "bert"])
def test_products_are_those_of_the_full_hessian_in_float64(toy_method, encoder, request):
    small = {
        "cnn": {"filters": 2, "embedding_size": 3, "widths": (2,)},
        "bilstm": {"units": 2, "embedding_size": 2},
    }
    name = encoder if encoder in small else str(request.getfixturevalue(encoder))
    method = toy_method(name, bias=True, **small.get(encoder, {"max_length": 6})).double()
    weights = trained_weights(method)
    if encoder == "bert":  # the full matrix over all of its weights would be large
        weights = {
            key: weights[key] for key in weights if key.endswith("layer.1.attention.self.query.weight")
        }
        weights |= {"classifier.weight": method.classifier.weight.detach()}
    sample = sampled(method)
    product = hessian_product(loss_shares(method, sample), weights)

    def loss(vector: torch.Tensor) -> torch.Tensor:
        logits, targets = [], []
        for batch in sample.batches:
            moved = unflattened(vector, weights)
            logits.append(torch.func.functional_call(method, moved, (batch,)).logits)
            targets.append(batch.targets.double())
        return torch.nn.functional.binary_cross_entropy_with_logits(torch.cat(logits), torch.cat(targets))

    origin = flattened(weights)
    with torch.nn.attention.sdpa_kernel(torch.nn.attention.SDPBackend.MATH):
        full = torch.autograd.functional.hessian(loss, origin)
    for number in range(2):
        vector = torch.randn(
            len(origin), generator=torch.Generator().manual_seed(number), dtype=torch.float64
        )
        torch.testing.assert_close(
            product(vector), full @ vector, rtol=1e-4, atol=1e-7
        )  # the loss is float32
    expected = np.linalg.eigvalsh(full.numpy())[-1]
    found = largest_eigenvalue(product, started(len(origin)), tolerance=1e-3)
    assert found.is_converged
    assert found.value == pytest.approx(expected, rel=5e-3)


def test_weights_that_the_loss_does_not_depend_on_have_no_curvature(toy_method):
    method = toy_method(filters=2, embedding_size=3)
    weights = trained_weights(method) | {"unused": torch.ones(2, 2)}
    method.unused = torch.nn.Parameter(torch.ones(2, 2))
    product = hessian_product(loss_shares(method, sampled(method)), weights)
    image = product(torch.ones(len(flattened(weights))))
    assert unflattened(image, weights)["unused"].tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert float(image.abs().max()) > 0


def test_shares_add_up_to_the_mean_over_all_documents(toy_method, toy_corpus, monkeypatch):
    from workbench.probes import documents
    from workbench.probes.plane import clean_loss

    monkeypatch.setattr(documents, "_BATCH", 2)
    method = toy_method(filters=2, embedding_size=3)
    sample = sampled(method)
    assert len(sample.batches) == 3
    weights = trained_weights(method)
    total = sum(float(share(weights).detach()) for share in loss_shares(method, sample))
    assert total == pytest.approx(clean_loss(method, sample, weights), rel=1e-6)


def test_the_mean_rise_by_hand():
    axis = np.array([-2.0, -1.0, 0.0, 1.0, 2.0])
    slices = np.array([[9.0, 2.0, 1.0, 4.0, 11.0], [5.0, 1.0, 1.0, 1.0, np.inf]])
    near, far = mean_rises(axis, slices)
    assert near == {"radius": 1.0, "mean": 1.0, "std": pytest.approx(np.sqrt(2))}  # rises of 2 and 0
    assert far == {"radius": 2.0, "mean": None, "std": None}
