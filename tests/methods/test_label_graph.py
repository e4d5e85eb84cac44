"""Graphs of labels: conditional probabilities and their normalisation by hand, convolutions by loops."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from scipy import sparse

from workbench.methods.label_graph import LEAST_DEGREE, GraphConvolution, conditional_graph, normalised

TARGETS = np.array([[1, 1, 0, 0], [1, 0, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0]], dtype=np.uint8)
GRAPH = [[1, 1, 1, 0], [0.5, 1, 1, 0], [0.25, 0.5, 1, 0], [0, 0, 0, 1]]
"""P(row | column); nothing is known of the fourth label."""


@pytest.mark.parametrize("kind", [sparse.csr_array, np.asarray])
def test_the_graph_is_the_probability_of_the_row_given_the_column(kind):
    np.testing.assert_allclose(conditional_graph(kind(TARGETS)), GRAPH)


def test_it_is_normalised_by_the_row_sums_of_both_labels():
    degrees = [3, 2.5, 1.75, 1]
    expected = [[GRAPH[i][j] / math.sqrt(degrees[i] * degrees[j]) for j in range(4)] for i in range(4)]
    found = normalised(torch.tensor(GRAPH, dtype=torch.float64))
    np.testing.assert_allclose(found.numpy(), expected)
    torch.testing.assert_close(normalised(torch.tensor([GRAPH, GRAPH]))[1], found.float())


def test_a_label_without_any_edge_stays_apart_and_gives_no_nan():
    graph = torch.zeros(3, 3, requires_grad=True)
    found = normalised(graph)
    found.sum().backward()
    assert found.tolist() == torch.zeros(3, 3).tolist()
    assert graph.grad.isfinite().all()


@pytest.mark.parametrize("product", [-20.0, -85.0, -200.0])  # sigmoids of 2e-9, 1e-37 and 0 in float32
def test_a_row_of_next_to_nothing_beside_a_full_column_stays_finite(product):
    products = torch.tensor([[0.0, 3.0], [product, product]], requires_grad=True)
    found = normalised(torch.sigmoid(products))
    found.square().sum().backward()
    assert products.grad.isfinite().all()
    assert found.max() <= 1 / math.sqrt(LEAST_DEGREE)


@pytest.mark.parametrize("per_document", [False, True])
def test_a_convolution_is_that_of_plain_loops(per_document):
    torch.manual_seed(0)
    layer = GraphConvolution(3, 2).double()
    features = torch.randn(2, 4, 3, dtype=torch.float64)
    graph = torch.rand(*((2,) if per_document else ()), 4, 4, dtype=torch.float64)
    found = layer(graph, features).detach()
    weight = layer.linear.weight.detach()
    for b in range(2):
        edges = graph[b] if per_document else graph
        for i in range(4):
            for v in range(2):
                total = sum(
                    float(edges[i, j] * features[b, j, h] * weight[v, h]) for j in range(4) for h in range(3)
                )
                assert float(found[b, i, v]) == pytest.approx(total if total > 0 else 0.01 * total)
