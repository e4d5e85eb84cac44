from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.probes.inference import match_labels


def test_columns_are_matched_by_label_and_lost_gold_is_counted():
    targets = sparse.csr_array(np.array([[1, 1, 0], [0, 1, 1]], dtype=np.uint8))
    matched, lost = match_labels(targets, ["a", "b", "c"], ["c", "new", "a"])
    assert matched.toarray().tolist() == [[0, 0, 1], [1, 0, 0]]
    assert lost == 2  # both documents have b


def test_no_shared_label_is_an_error():
    with pytest.raises(WorkbenchError, match="share no label"):
        match_labels(sparse.csr_array(np.ones((1, 1), dtype=np.uint8)), ["a"], ["b"])
