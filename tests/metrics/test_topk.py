import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbench.errors import WorkbenchError
from workbench.metrics import top_k, topk


def top_k_by_sorting(scores, k):
    return [sorted(range(len(row)), key=lambda label: (-float(row[label]), label))[:k] for row in scores]


@settings(deadline=None, max_examples=80)
@given(data=st.data())
@pytest.mark.parametrize("argmax_limit", [0, 16], ids=["partition", "argmax"])
def test_top_k_is_a_sort_with_ties_by_index(data, score_tables, argmax_limit):
    scores, _ = data.draw(score_tables())
    k = data.draw(st.integers(1, scores.shape[1] + 2))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(topk, "ARGMAX_LIMIT", argmax_limit)
        labels = top_k(scores, k)
    assert labels.dtype == np.int32
    assert labels.tolist() == top_k_by_sorting(scores, k)


def test_both_ways_agree_on_a_wide_table(monkeypatch):
    scores = np.round(np.random.default_rng(0).random((300, 500), dtype=np.float32), 2)  # many ties
    expected = np.argsort(-scores, axis=1, kind="stable")
    assert (top_k(scores, 16) == expected[:, :16]).all()
    assert (top_k(scores, 40) == expected[:, :40]).all()


def test_k_beyond_the_labels_ranks_them_all():
    assert top_k([[0.1, 0.3, 0.2]], 10).tolist() == [[1, 2, 0]]


def test_minus_infinity_comes_last_and_in_order():
    inf = np.inf
    assert top_k([[-1.0, -inf]], 2).tolist() == [[0, 1]]
    assert top_k([[-inf, 2.0, -inf, 1.0], [-inf] * 4], 4).tolist() == [[1, 3, 0, 2], [0, 1, 2, 3]]


def test_minus_zero_equals_zero():
    assert top_k([[-0.0, 0.0, -0.0]], 2).tolist() == [[0, 1]]


def test_memory_maps_and_integers_are_scores_too(tmp_path):
    scores = np.lib.format.open_memmap(tmp_path / "scores.npy", mode="w+", dtype=np.float16, shape=(2, 3))
    scores[:] = [[1, 3, 2], [0, 0, 1]]
    assert top_k(scores, 2).tolist() == top_k(scores.astype(int), 2).tolist() == [[1, 2], [2, 0]]


@pytest.mark.parametrize("k", [2, 20], ids=["argmax", "partition"])
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_nan_is_an_error_that_names_the_row(k, dtype):
    scores = np.zeros((9, 30), dtype=dtype)
    scores[4, 7] = scores[6, 1] = np.nan
    with pytest.raises(WorkbenchError, match=r"NaN in row 4 \(label 7\)"):
        top_k(scores, k)


@pytest.mark.parametrize("k", [0, -1, 2.0, True, "3", None])
def test_k_must_be_a_whole_number(k):
    with pytest.raises(WorkbenchError, match="whole number of at least 1"):
        top_k([[0.1, 0.2]], k)


@pytest.mark.parametrize("shape", [(3,), (2, 3, 4), (0, 3), (3, 0)])
def test_scores_must_be_a_table(shape):
    with pytest.raises(WorkbenchError, match=r"expected two dimensions|at least one document"):
        top_k(np.zeros(shape), 1)


def test_scores_must_be_real_numbers():
    with pytest.raises(WorkbenchError, match="complex128"):
        top_k(np.zeros((2, 2), dtype=complex), 1)
