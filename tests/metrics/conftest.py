"""Score tables that force ties, documents without labels and labels never seen; on one and on many blocks."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import sparse

from workbench.metrics import blocks


@pytest.fixture(scope="module", params=[7, 1 << 18], ids=["many-blocks", "one-block"], autouse=True)
def block_elements(request: pytest.FixtureRequest) -> Iterator[int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "BLOCK_ELEMENTS", request.param)
        yield request.param


@st.composite
def _score_tables(draw: st.DrawFn, min_labels: int = 1, max_labels: int = 9):
    """Scores (N, L) of few values, so with ties, and gold (N, L) that may miss rows and columns."""
    shape = draw(st.tuples(st.integers(1, 7), st.integers(min_labels, max_labels)))
    dtype = draw(st.sampled_from([np.float16, np.float32, np.float64]))
    values = st.sampled_from([-np.inf, -1.0, 0.0, 0.25, 0.5, 0.75, np.inf])
    scores = draw(hnp.arrays(dtype, shape, elements=values))
    gold = draw(hnp.arrays(np.uint8, shape, elements=st.integers(0, 1)))
    gold[draw(st.lists(st.integers(0, shape[0] - 1), max_size=2))] = 0
    gold[:, draw(st.lists(st.integers(0, shape[1] - 1), max_size=2))] = 0
    return scores, gold


@pytest.fixture(scope="session")
def score_tables():
    return _score_tables


@pytest.fixture(scope="session")
def gold_forms():
    """The ways to hand over the same gold: every one must give the same number."""
    return [
        lambda gold: gold.astype(bool),
        lambda gold: gold.astype(np.int64),
        lambda gold: gold.astype(np.float32),
        lambda gold: gold.tolist(),
        sparse.csr_array,
        sparse.csc_matrix,
        sparse.coo_array,
        sparse.lil_array,
    ]
