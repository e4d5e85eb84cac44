from __future__ import annotations

import pytest

from workbench.errors import WorkbenchError, require_known


def test_the_first_unknown_word_is_told_with_the_nearest_and_all_there_are():
    require_known([], [], "Unknown letter {}.")
    require_known(["beta"], {"alpha": 1, "beta": 2}, "Unknown letter {}.")
    with pytest.raises(WorkbenchError) as caught:
        require_known(["beta", "bela", "gamma"], {"alpha": 1, "beta": 2}, "Unknown letter {}.")
    assert str(caught.value) == "Unknown letter 'bela'. Did you mean 'beta'? Known: alpha, beta."
    with pytest.raises(WorkbenchError, match=r"^Unknown letter '\{x\}'\. Known: none\.$"):
        require_known(["{x}"], [], "Unknown letter {}.")
