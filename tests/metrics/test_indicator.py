import re

import numpy as np
import pytest
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics import threshold_scores
from workbench.metrics.indicator import as_indicator

GOLD = np.array([[1, 0, 1, 0], [0, 0, 0, 0], [1, 1, 1, 1]], dtype=np.uint8)


def test_every_form_reads_the_same(gold_forms):
    forms = [as_indicator(form(GOLD), "targets") for form in gold_forms]
    for sets in [*forms, threshold_scores(GOLD.astype(np.float32))]:
        assert sets.mask(1, 3).tolist() == GOLD[1:3].astype(bool).tolist()
        assert sets.columns(1, 3).tolist() == GOLD[:, 1:3].astype(bool).tolist()
        assert sets.sizes(0, 3).tolist() == [2, 0, 4]
        assert sets.label_counts().tolist() == [2, 1, 2, 1]
        rows, labels = sets.positives(0, 2)
        assert (rows.tolist(), labels.tolist()) == ([0, 0], [0, 2])


def test_stored_zeros_and_entries_twice_count_once_and_the_input_stays():
    values = np.array([1, 0, 1, 1], dtype=np.uint8)
    gold = sparse.csr_array((values, np.array([2, 1, 2, 0]), np.array([0, 3, 4])), shape=(2, 3))
    assert as_indicator(gold, "targets").mask(0, 2).tolist() == [[False, False, True], [True, False, False]]
    assert gold.nnz == 4


def test_256_entries_of_one_byte_at_one_place_do_not_vanish():
    place = np.zeros(256, dtype=int)
    gold = sparse.coo_array((np.ones(256, dtype=np.uint8), (place, place)), shape=(1, 2))
    assert as_indicator(gold, "targets").mask(0, 1).tolist() == [[True, False]]


@pytest.mark.parametrize("value", [2, -1, 0.5, np.nan])
@pytest.mark.parametrize("form", [np.asarray, sparse.csr_array, sparse.coo_array])
def test_other_values_are_errors(value, form):
    gold = GOLD.astype(np.float64)
    gold[2, 3] = value
    with pytest.raises(WorkbenchError, match=re.escape(f"targets hold {value}")):
        as_indicator(form(gold), "targets")


def test_the_place_of_a_wrong_value_is_named():
    gold = GOLD.astype(np.int8)
    gold[2, 1] = 7
    with pytest.raises(WorkbenchError, match="targets hold 7 in row 2, label 1"):
        as_indicator(gold, "targets")


def test_words_are_not_indicators():
    with pytest.raises(WorkbenchError, match="expected 0 and 1"):
        as_indicator(np.array([["a", "b"]]), "targets")


@pytest.mark.parametrize("gold", [np.zeros(3), np.zeros((0, 3)), sparse.csr_array((0, 3))])
def test_gold_must_be_a_table(gold):
    with pytest.raises(WorkbenchError, match=r"expected two dimensions|at least one document"):
        as_indicator(gold, "targets")
