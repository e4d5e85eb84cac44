from __future__ import annotations

import math

import numpy as np
import pytest

from workbench.analysis.spectrum import (
    cumulative_energy,
    effective_rank,
    rank_for_energy,
    rank_table,
    singular_values,
    spectrum_table,
)
from workbench.errors import WorkbenchError


@pytest.mark.parametrize("shape", [(7, 3), (3, 7), (1, 5), (5, 1)])
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_singular_values_are_roots_of_the_gram_matrix(shape: tuple[int, int], dtype: type):
    matrix = np.random.default_rng(0).normal(size=shape).astype(dtype)
    values = singular_values(matrix)
    exact = matrix.astype(np.float64)
    gram = exact @ exact.T if shape[0] <= shape[1] else exact.T @ exact
    expected = np.sqrt(np.linalg.eigvalsh(gram)[::-1])
    assert values.dtype == np.float64
    np.testing.assert_allclose(values, expected, rtol=1e-9)


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
@pytest.mark.parametrize("shape", [(40, 12), (12, 40)])
def test_singular_values_are_those_of_numpy_also_where_most_are_nought(shape: tuple[int, int], dtype: type):
    generator = np.random.default_rng(1)
    matrix = (generator.normal(size=(shape[0], 3)) @ generator.normal(size=(3, shape[1]))).astype(dtype)
    expected = np.linalg.svd(matrix.astype(np.float64), compute_uv=False)
    found = singular_values(matrix)
    np.testing.assert_allclose(found, expected, atol=1e-7 * expected[0])
    assert effective_rank(found) == pytest.approx(effective_rank(expected), rel=1e-4)


def test_singular_values_of_a_diagonal_matrix_by_hand():
    np.testing.assert_allclose(singular_values(np.diag([1.0, -3.0, 2.0])), [3, 2, 1])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_a_diverged_run_is_said_to_have_diverged(bad: float):
    with pytest.raises(WorkbenchError, match="diverged"):
        singular_values(np.array([[1.0, bad]]))


@pytest.mark.parametrize("shape", [(3,), (0, 4), (2, 2, 2)])
def test_what_is_no_matrix_is_refused(shape: tuple[int, ...]):
    with pytest.raises(WorkbenchError, match="labels, dimensions"):
        singular_values(np.zeros(shape))


def test_cumulative_energy_agrees_with_a_plain_loop():
    values = np.array([3.0, 2.0, 1.0])
    raw, total = [], 0.0
    for value in values:
        total += float(value) ** 2
        raw.append(total)
    np.testing.assert_allclose(cumulative_energy(values, normalised=False), raw)
    np.testing.assert_allclose(cumulative_energy(values), [part / total for part in raw])


def test_effective_rank_by_hand():
    assert effective_rank(np.array([2.0, 2.0, 2.0, 2.0])) == pytest.approx(4)
    assert effective_rank(np.array([5.0, 0.0, 0.0])) == pytest.approx(1)
    shares = [0.75, 0.25]
    entropy = -sum(share * math.log(share) for share in shares)
    assert effective_rank(np.array([3.0, 1.0])) == pytest.approx(math.exp(entropy))


def test_effective_rank_does_not_depend_on_scale():
    values = np.array([4.0, 2.0, 0.5])
    assert effective_rank(values) == pytest.approx(effective_rank(values * 1e-6))


def test_a_matrix_of_zeros_has_no_rank_and_no_energy():
    values = singular_values(np.zeros((3, 2)))
    assert effective_rank(values) == 0
    assert rank_for_energy(values) == 0
    table = spectrum_table({"dead": values})
    assert table["energy_share"].tolist() == [0, 0]
    assert table["singular_value_share"].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("values", "rank"), [([3.0, 1.0, 0.0], 1), ([1.0] * 10, 9), ([1.0] * 4, 4), ([2.0], 1)]
)
def test_rank_for_ninety_percent_of_the_energy(values: list[float], rank: int):
    assert rank_for_energy(np.array(values), 0.9) == rank


def test_tables_have_a_row_a_value_and_a_row_a_run():
    spectra = {"a": np.array([2.0, 1.0]), "b": np.array([4.0])}
    table = spectrum_table(spectra)
    assert table[["run", "index"]].values.tolist() == [["a", 1], ["a", 2], ["b", 1]]
    np.testing.assert_allclose(table["singular_value_share"], [1, 0.5, 1])
    np.testing.assert_allclose(table["energy"], [4, 5, 16])
    np.testing.assert_allclose(table["energy_share"], [0.8, 1, 1])
    ranks = rank_table(spectra).set_index("run")
    assert ranks["full_rank"].to_dict() == {"a": 2, "b": 1}
    assert ranks.loc["a", "effective_rank_share"] == pytest.approx(effective_rank(spectra["a"]) / 2)
    assert ranks["rank_90"].to_dict() == {"a": 2, "b": 1}


def test_no_runs_give_empty_tables():
    assert spectrum_table({}).empty
    assert rank_table({}).columns.tolist()[0] == "run"
