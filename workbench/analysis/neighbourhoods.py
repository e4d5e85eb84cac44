"""Who lies near whom: nearest neighbours, how many labels they share, and how far a map keeps them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

NEIGHBOURS = 10
_MOST_LOOKED_AT = 2_000
_CELLS_AT_ONCE = 4_000_000


def nearest_neighbours(
    vectors: np.ndarray, k: int, rows: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """The k nearest other documents of those at `rows`, nearest first, by Euclidean distance.

    Exact, in blocks. A document is never its own neighbour, however many others are identical to it.

    Shapes: vectors (N, H), k < N, rows (Q,), all by default -> indices (Q, k), distances (Q, k).
    """
    from sklearn.neighbors import NearestNeighbors  # takes over a second to import

    asked = np.arange(len(vectors)) if rows is None else rows
    search = NearestNeighbors(n_neighbors=k + 1, algorithm="brute").fit(vectors)
    distances, found = search.kneighbors(vectors[asked])
    itself = found == asked[:, None]
    itself[~itself.any(axis=1), -1] = True  # crowded out by identical ones: the last of them goes
    return found[~itself].reshape(-1, k), distances[~itself].reshape(-1, k)


def label_agreement(gold: sparse.csr_array, rows: NDArray[np.int64], others: NDArray[np.int64]) -> float:
    """Mean Jaccard similarity of the label sets of documents and their partners; two empty sets agree wholly.

    Shapes: gold (N, L) of 0/1, rows (Q,), others (Q, k) -> a number in [0, 1].
    """
    sizes = np.asarray(gold.sum(axis=1)).ravel().astype(np.float64)
    own = gold[rows].astype(np.float64)
    total = 0.0
    for partners in others.T:
        shared = np.asarray(own.multiply(gold[partners]).sum(axis=1)).ravel()
        union = sizes[rows] + sizes[partners] - shared
        total += float(np.divide(shared, union, out=np.ones_like(union), where=union > 0).sum())
    return total / others.size


def trustworthiness(
    vectors: np.ndarray, points: np.ndarray, k: int = NEIGHBOURS, rows: NDArray[np.int64] | None = None
) -> float:
    """How far neighbours on a map are neighbours in the space: 1 when all are, about 0.5 for a random map.

    1 - 2 / (Q k (2N - 3k - 1)) times the sum of max(0, rank - k) over the k neighbours on the map of each of
    Q documents, where rank is the neighbour's place (from 1) among all documents by distance in the space.

    Source: Venna & Kaski, "Neighborhood preservation in nonlinear projection methods" (2001); over all rows
    it is scikit-learn's `manifold.trustworthiness`.

    Shapes: vectors (N, H), points (N, 2), k < N / 2, rows (Q,), all by default.
    """
    asked = np.arange(len(vectors)) if rows is None else rows
    near, _ = nearest_neighbours(points, k, asked)
    centred = vectors - vectors.mean(axis=0)
    squares = np.einsum("nh,nh->n", centred, centred)
    step = max(1, _CELLS_AT_ONCE // len(vectors))
    excess = 0
    for start in range(0, len(asked), step):
        block, chosen = asked[start : start + step], near[start : start + step]
        distances = squares[None, :] - 2 * centred[block] @ centred.T  # without |x|², which changes no rank
        distances[np.arange(len(block)), block] = np.inf
        there, ordered = np.take_along_axis(distances, chosen, axis=1), np.sort(distances, axis=1)
        closer = [np.searchsorted(row, values) for row, values in zip(ordered, there, strict=True)]
        excess += int(np.maximum(0, np.array(closer) + 1 - k).sum())
    return 1 - 2 * excess / (len(asked) * k * (2 * len(vectors) - 3 * k - 1))


def map_quality(
    vectors: np.ndarray, points: np.ndarray, gold: sparse.csr_array, *, most: int = _MOST_LOOKED_AT
) -> dict[str, Any]:
    """What a map cannot show by itself, from up to `most` documents drawn with seed 0.

    Keys: documents, looked_at, neighbours (10, but fewer than half of the documents), agreement (of label
    sets with the neighbours in the space), agreement_by_chance (with as many documents drawn at random),
    trustworthiness (of the map). The last three are None below three documents.

    Shapes: vectors (N, H), points (N, 2), gold (N, L) of 0/1.
    """
    documents = len(vectors)
    generator = np.random.default_rng(0)
    rows = np.sort(generator.permutation(documents)[:most])
    k = min(NEIGHBOURS, (documents - 1) // 2)
    about: dict[str, Any] = {"documents": documents, "looked_at": len(rows), "neighbours": k}
    if k < 1:
        return about | dict.fromkeys(("agreement", "agreement_by_chance", "trustworthiness"))
    scaled = vectors / (np.abs(vectors).max() or 1)  # no square overflows
    near, _ = nearest_neighbours(scaled, k, rows)
    drawn = (rows[:, None] + generator.integers(1, documents, (len(rows), k))) % documents  # never itself
    return about | {
        "agreement": label_agreement(gold, rows, near),
        "agreement_by_chance": label_agreement(gold, rows, drawn),
        "trustworthiness": trustworthiness(scaled, points, k, rows),
    }
