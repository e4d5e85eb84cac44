"""Labels as a graph, by which training documents have them together, and convolutions over such graphs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from torch import Tensor, nn
from torch.nn import functional

from workbench.metrics.dependency import conditional_probabilities


def conditional_graph(targets: sparse.csr_array) -> NDArray[np.float32]:
    """P(label i | label j) from targets (N, L) of 0 and 1, dense (L, L).

    A label is certain beside itself: the diagonal is 1, also for labels that no document has.
    """
    known = np.nan_to_num(conditional_probabilities(targets).probability)
    graph: NDArray[np.float32] = known.T.astype(np.float32)
    np.fill_diagonal(graph, 1.0)
    return graph


LEAST_DEGREE = 1e-3


def normalised(graph: Tensor) -> Tensor:
    """D^(-1/2) A D^(-1/2) with the row sums of A on the diagonal of D: (..., L, L) -> the same.

    Rows and columns of a label whose row is zero stay zero. Sums below `LEAST_DEGREE` count as that: where a
    graph is not symmetric, a row of next to nothing can stand beside a full column, which would be scaled up
    without bound, and the gradient with it.
    """
    degrees = graph.sum(dim=-1)
    scale = degrees.clamp(min=LEAST_DEGREE).rsqrt() * (degrees > 0)
    return scale.unsqueeze(-1) * graph * scale.unsqueeze(-2)


class GraphConvolution(nn.Module):
    """X <- LeakyReLU(A X W) with a normalised graph A.

    Source: "Semi-Supervised Classification with Graph Convolutional Networks" (2017), Eq. 2.
    """

    def __init__(self, size: int, units: int) -> None:
        super().__init__()
        self.linear = nn.Linear(size, units, bias=False)

    def forward(self, graph: Tensor, features: Tensor) -> Tensor:
        """Shapes: graph (L, L) or (B, L, L), features (B, L, V) -> (B, L, units)."""
        return functional.leaky_relu(graph @ self.linear(features))
