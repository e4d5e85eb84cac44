from __future__ import annotations

import numpy as np
import pytest

from workbench.data.selected import Selected

LETTERS = ["a", "b", "c", "d"]


def test_selected_rows_behave_as_a_sequence() -> None:
    chosen = Selected(LETTERS, np.array([3, 1]))
    assert (len(chosen), list(chosen), chosen[-1], chosen[:1]) == (2, ["d", "b"], "b", ["d"])
    with pytest.raises(IndexError):
        chosen[2]


def test_a_selection_of_a_selection_goes_back_to_the_whole() -> None:
    chosen = Selected(Selected(LETTERS, np.array([3, 1, 0])), np.array([2, 0]))
    assert list(chosen) == ["a", "d"]
    assert chosen.whole is LETTERS
    assert chosen.rows.tolist() == [0, 3]
    assert list(Selected(Selected(LETTERS, np.array([], dtype=np.int64)), np.array([], dtype=np.int64))) == []
