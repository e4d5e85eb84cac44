import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from workbench.errors import WorkbenchError
from workbench.metrics import GROUP_NAMES, frequency_groups


@settings(deadline=None, max_examples=40)
@given(counts=st.lists(st.sampled_from([0, 1, 19, 20, 99, 100, 5000]), min_size=1, max_size=12))
def test_every_label_is_in_the_group_of_its_count(counts):
    groups = frequency_groups(counts)
    assert tuple(groups) == GROUP_NAMES
    for name, lowest, beyond in [("head", 100, 1 << 40), ("mid", 20, 100), ("tail", 1, 20), ("unseen", 0, 1)]:
        assert groups[name].tolist() == [j for j, count in enumerate(counts) if lowest <= count < beyond]


def test_targets_are_counted():
    targets = np.array([[1, 0, 1], [1, 0, 0], [1, 0, 0]])
    for given_targets in (targets, sparse.csr_array(targets)):
        groups = frequency_groups(given_targets, head=3, mid=2)
        assert {name: labels.tolist() for name, labels in groups.items()} == {
            "head": [0],
            "mid": [],
            "tail": [2],
            "unseen": [1],
        }


def test_equal_bounds_leave_the_middle_empty():
    groups = frequency_groups([49, 50], head=50, mid=50)
    assert (groups["head"].tolist(), groups["mid"].tolist(), groups["tail"].tolist()) == ([1], [], [0])


@pytest.mark.parametrize(("head", "mid"), [(10, 20), (10, 0)])
def test_bounds_must_rise(head, mid):
    with pytest.raises(WorkbenchError, match=f"head={head}, mid={mid}"):
        frequency_groups([1, 2], head=head, mid=mid)


@pytest.mark.parametrize("counts", [[-1, 2], [0.5, 1.0]])
def test_counts_must_be_counts(counts):
    with pytest.raises(WorkbenchError, match="whole numbers"):
        frequency_groups(counts)
