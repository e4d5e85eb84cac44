"""Geometry of document vectors: by hand, by plain loops over all pairs, and in the corners."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.decomposition import PCA

from workbench.analysis import geometry
from workbench.analysis.geometry import (
    alignment,
    centred_spectrum,
    directions,
    geometry_table,
    mean_cosine,
    principal_axes,
    shares_of_variance,
    uniformity,
)
from workbench.errors import WorkbenchError


def gold_of(rows: list[list[int]], labels: int = 4) -> sparse.csr_array:
    dense = np.zeros((len(rows), labels), dtype=np.uint8)
    for row, own in enumerate(rows):
        dense[row, own] = 1
    return sparse.csr_array(dense)


def cosine(x, y) -> float:
    return math.fsum(a * b for a, b in zip(x, y, strict=True)) / math.sqrt(
        math.fsum(a * a for a in x) * math.fsum(b * b for b in y)
    )


RIGHT_ANGLE = np.array([[3.0, 0.0], [0.0, 0.5]])
AGAINST = np.array([[2.0, 0.0], [-1.0, 0.0]])


def test_two_vectors_by_hand():
    assert mean_cosine(directions(RIGHT_ANGLE)[0]) == pytest.approx(0)
    assert uniformity(directions(RIGHT_ANGLE)[0]) == pytest.approx(-4)  # the squared distance is 2
    assert mean_cosine(directions(AGAINST)[0]) == pytest.approx(-1)
    assert uniformity(directions(AGAINST)[0]) == pytest.approx(-8)  # the squared distance is 4


def test_identical_vectors_are_one_cone():
    same = directions(np.full((7, 3), 0.3))[0]
    assert mean_cosine(same) == pytest.approx(1)
    assert uniformity(same) == pytest.approx(0, abs=1e-12)
    assert alignment(same, gold_of([[0]] * 7)) == (pytest.approx(0, abs=1e-12), 21)
    assert centred_spectrum(np.full((7, 3), 0.3)).tolist() == pytest.approx([0, 0, 0], abs=1e-6)


@given(seed=st.integers(0, 1000), documents=st.integers(2, 12), shift=st.floats(0, 5))
def test_all_pairs_one_by_one(seed: int, documents: int, shift: float):
    generator = np.random.default_rng(seed)
    vectors = (generator.normal(size=(documents, 4)) + shift).astype(np.float32)
    gold = gold_of([list(np.flatnonzero(generator.random(4) < 0.4)) for _ in range(documents)])
    unit, _ = directions(vectors)
    rows = vectors.astype(np.float64)
    pairs = list(combinations(range(documents), 2))
    cosines = [cosine(rows[i], rows[j]) for i, j in pairs]
    assert mean_cosine(unit) == pytest.approx(math.fsum(cosines) / len(pairs), abs=1e-9)
    kernel = [math.exp(-2 * (2 - 2 * one)) for one in cosines]
    assert uniformity(unit) == pytest.approx(math.log(math.fsum(kernel) / len(pairs)), abs=1e-9)
    sets = [frozenset(gold[[row]].indices.tolist()) for row in range(documents)]
    alike = [
        2 - 2 * one for (i, j), one in zip(pairs, cosines, strict=True) if sets[i] and sets[i] == sets[j]
    ]
    expected = math.fsum(alike) / len(alike) if alike else None
    found, count = alignment(unit, gold)
    assert count == len(alike)
    assert found == (expected if expected is None else pytest.approx(expected, abs=1e-9))


def test_uniformity_is_the_same_in_blocks(monkeypatch):
    unit, _ = directions(np.random.default_rng(0).normal(size=(23, 5)))
    whole = uniformity(unit)
    monkeypatch.setattr(geometry, "_CELLS_AT_ONCE", 50)
    assert uniformity(unit) == pytest.approx(whole, rel=1e-12)


def test_positive_pairs_have_one_label_set_whatever_the_order_of_its_labels():
    gold = gold_of([[0, 2], [2, 0], [0], [], []])
    gold.indices[:2] = [2, 0]
    unit, _ = directions(np.array([[1, 0], [0, 1], [1, 0], [1, 0], [-1, 0]]))
    assert alignment(unit, gold) == (pytest.approx(2), 1)  # documents without labels are no pair
    assert alignment(unit, gold_of([[0], [1], [2], [3], []])) == (None, 0)


def test_one_document_has_no_pair_and_no_variance():
    table = geometry_table({"one": np.ones((1, 3))}, {"one": gold_of([[1]])}, {"one": np.zeros(1)})
    (row,) = table.to_dict("records")
    assert (row["documents"], row["zero_vectors"], row["positive_pairs"]) == (1, 0, 0)
    assert all(
        row[name] is None
        for name in ("mean_cosine", "uniformity", "alignment", "effective_rank", "first_share")
    )


def test_vectors_of_zeros_are_counted_and_left_out():
    vectors = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 2.0], [0.0, 3.0]])
    gold = gold_of([[0], [0], [1], [1]])
    table = geometry_table({"p": vectors}, {"p": gold}, {"p": centred_spectrum(vectors)})
    (row,) = table.to_dict("records")
    assert (row["documents"], row["zero_vectors"]) == (4, 1)
    assert row["mean_cosine"] == pytest.approx(1 / 3)
    assert (row["alignment"], row["positive_pairs"]) == (pytest.approx(0, abs=1e-12), 1)
    nothing = geometry_table({"p": 0 * vectors}, {"p": gold}, {"p": np.zeros(2)})
    assert nothing.loc[0, "zero_vectors"] == 4
    assert nothing[["mean_cosine", "uniformity", "alignment"]].isna().all(axis=None)


def test_half_precision_gives_the_numbers_of_single_precision():
    vectors = np.random.default_rng(1).normal(size=(40, 16)) + 1
    half, single = directions(vectors.astype(np.float16))[0], directions(vectors)[0]
    assert half.dtype == np.float64
    assert mean_cosine(half) == pytest.approx(mean_cosine(single), abs=1e-3)
    assert uniformity(half) == pytest.approx(uniformity(single), abs=1e-3)
    large = np.full((3, 4), 60_000, dtype=np.float16)  # whose squares half precision cannot hold
    assert mean_cosine(directions(large)[0]) == pytest.approx(1)
    assert principal_axes(vectors.astype(np.float16)).components.dtype == np.float64


def test_vectors_that_diverged_are_refused():
    with pytest.raises(WorkbenchError, match="NaN or infinity"):
        directions(np.array([[1.0, np.nan]]))
    with pytest.raises(WorkbenchError, match="NaN or infinity"):
        principal_axes(np.array([[1.0, np.inf]], dtype=np.float16))


def test_the_spectrum_is_that_of_the_covariance():
    vectors = np.random.default_rng(2).normal(size=(30, 5)) * [5, 4, 3, 2, 1] + 100
    values = centred_spectrum(vectors)
    variances = np.sort(np.linalg.eigvalsh(np.cov(vectors.astype(np.float32).astype(float).T)))[::-1]
    assert values**2 / 29 == pytest.approx(variances, rel=1e-6)
    table = geometry_table({"p": vectors}, {"p": gold_of([[0]] * 30)}, {"p": values})
    assert table.loc[0, "first_share"] == pytest.approx(variances[0] / variances.sum())
    assert 1 < table.loc[0, "effective_rank"] < 5


def test_axes_are_those_of_scikit_learn():
    vectors = np.random.default_rng(3).normal(size=(50, 6)) * [6, 5, 4, 3, 2, 1] - 7
    axes = principal_axes(vectors)
    oracle = PCA(3).fit(vectors)
    assert axes.dimensions == 6
    assert axes.components @ axes.components.T == pytest.approx(np.eye(3), abs=1e-9)
    assert np.abs(axes.points(vectors)) == pytest.approx(np.abs(oracle.transform(vectors)), abs=1e-4)
    shares = shares_of_variance(vectors, axes.points(vectors))
    assert shares == pytest.approx(oracle.explained_variance_ratio_, rel=1e-5)


def test_axes_fitted_on_one_place_another_along_them():
    axes = principal_axes(np.array([[0.0, 0, 0], [4, 0, 0], [0, 2, 0], [4, 2, 0]]), dimensions=2)
    (moved,) = axes.points(np.array([[2.0, 1, 9]]))
    assert moved.tolist() == pytest.approx([0, 0])  # at the mean; the third direction is not seen
    assert np.abs(axes.points(np.array([[5.0, 1, 0]]))[0]).tolist() == pytest.approx([3, 0])


@pytest.mark.parametrize("vectors", [np.ones((1, 4)), np.full((6, 4), 2.5)], ids=["one", "identical"])
def test_without_variance_all_lie_at_the_origin(vectors):
    points = principal_axes(vectors).points(vectors)
    assert points.shape == (len(vectors), 3)
    assert not points.any()
    assert shares_of_variance(vectors, points) == (0, 0, 0)


def test_two_documents_and_one_dimension_leave_axes_of_zeros():
    two = np.array([[1.0, 1, 1], [3, 1, 1]])
    assert np.abs(principal_axes(two).points(two)).tolist() == [[1, 0, 0], [1, 0, 0]]
    thin = np.array([[1.0], [2.0], [3.0]])
    points = principal_axes(thin).points(thin)
    assert np.abs(points).tolist() == [[1, 0, 0], [0, 0, 0], [1, 0, 0]]
    assert shares_of_variance(thin, points) == pytest.approx((1, 0, 0))


def test_no_panel_is_an_empty_table():
    table = geometry_table({}, {}, {})
    assert table.empty
    assert "uniformity" in table.columns
