import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics import propensities, propensities_from_counts


def by_hand(count, n, a, b):
    c = (math.log(n) - 1) * (b + 1) ** a
    return 1 / (1 + c * (count + b) ** -a)


@settings(deadline=None, max_examples=40)
@given(
    counts=st.lists(st.integers(0, 50), min_size=1, max_size=6),
    extra=st.integers(3, 10),
    a=st.floats(0.1, 1.5),
    b=st.floats(0.1, 5),
)
def test_propensities_are_the_formula(counts, extra, a, b):
    n = max(counts) + extra
    targets = (np.arange(n)[:, None] < np.array(counts)).astype(np.uint8)
    expected = [by_hand(count, n, a, b) for count in counts]
    np.testing.assert_allclose(propensities(targets, a, b), expected, rtol=1e-12)
    np.testing.assert_allclose(propensities(sparse.csr_array(targets), a, b), expected, rtol=1e-12)
    np.testing.assert_allclose(propensities_from_counts(counts, n, a, b), expected, rtol=1e-12)


def test_defaults_are_the_usual_ones():
    assert propensities_from_counts([0, 20], 100).tolist() == pytest.approx(
        [by_hand(0, 100, 0.55, 1.5), by_hand(20, 100, 0.55, 1.5)]
    )


def test_rare_labels_have_lower_propensity_and_unseen_the_lowest():
    values = propensities_from_counts([1000, 10, 1, 0], 5000)
    assert (np.diff(values) < 0).all()
    assert (values > 0).all()
    assert (values <= 1).all()


@pytest.mark.parametrize("n", [1, 2])
def test_a_tiny_training_set_gives_ones(n):
    assert propensities(np.ones((n, 3), dtype=bool)).tolist() == [1.0, 1.0, 1.0]


@pytest.mark.parametrize(("n", "a", "b"), [(0, 0.5, 1.5), (10, -0.1, 1.5), (10, 0.5, 0.0)])
def test_parameters_out_of_range_are_errors(n, a, b):
    with pytest.raises(WorkbenchError, match="expected at least one document"):
        propensities_from_counts([1, 2], n, a, b)
