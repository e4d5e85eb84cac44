from __future__ import annotations

import pytest

from workbench.assignments import parse_assignments
from workbench.errors import WorkbenchError


def test_assignments_are_read_as_yaml_reads_them():
    values = parse_assignments(["a=1", "b=1e-3", "c=true", "d=words here", "e=null", "f=[1, 2]", "g=relu=x"])
    assert values == {
        "a": 1,
        "b": 0.001,
        "c": True,
        "d": "words here",
        "e": None,
        "f": [1, 2],
        "g": "relu=x",
    }


@pytest.mark.parametrize("pair", ["epochs", "=3", ""])
def test_an_assignment_without_a_key_or_equals_sign_shows_how(pair):
    with pytest.raises(WorkbenchError, match="--set epochs=5"):
        parse_assignments([pair])
